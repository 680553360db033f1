/** Output buffers, used again once the tensor that held them is disposed, so that a training loop allocates nothing. */

import type { DType } from "../graph/types.ts";

export type Elements = Float32Array | Int32Array | Uint8Array;

export interface Buffer {
  readonly elements: Elements;
  /** Runs that are reading or writing it now. */
  pins: number;
  /** Whether code outside has seen `elements` and may still read it. */
  escaped: boolean;
  /** Whether its tensor is gone. */
  released: boolean;
}

/** Free buffers are kept up to this many bytes. */
const MAX_FREE_BYTES = 1 << 30;

export class BufferPool {
  private readonly free = new Map<string, Buffer[]>();
  private freeBytes = 0;

  /** A buffer of `size` elements with one pin, its contents unspecified. */
  take(dtype: DType, size: number): Buffer {
    const found = this.free.get(`${dtype}:${size}`)?.pop();
    if (found) this.freeBytes -= found.elements.byteLength;
    return { elements: found?.elements ?? allocate(dtype, size), pins: 1, escaped: false, released: false };
  }

  release(buffer: Buffer, dtype: DType): void {
    buffer.released = true;
    this.recycle(buffer, dtype);
  }

  unpin(buffer: Buffer, dtype: DType): void {
    buffer.pins--;
    this.recycle(buffer, dtype);
  }

  private recycle(buffer: Buffer, dtype: DType): void {
    if (!buffer.released || buffer.pins > 0 || buffer.escaped) return;
    buffer.escaped = true; // Handed to the pool: never a second time.
    if (this.freeBytes + buffer.elements.byteLength > MAX_FREE_BYTES) return;
    const key = `${dtype}:${buffer.elements.length}`;
    const list = this.free.get(key) ?? [];
    list.push(buffer);
    this.free.set(key, list);
    this.freeBytes += buffer.elements.byteLength;
  }
}

function allocate(dtype: DType, size: number): Elements {
  if (dtype === "float32") return new Float32Array(size);
  return dtype === "int32" ? new Int32Array(size) : new Uint8Array(size);
}
