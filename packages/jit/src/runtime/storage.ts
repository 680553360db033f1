/** Where the elements of a result are, and when their memory may be used again. */

import type { DType } from "../graph/types.ts";

export type Elements = Float32Array | Int32Array | Uint8Array;

/** Elements in GPU memory, as the runtime hands them out. */
export interface DeviceTensor {
  readonly device: string;
  /** The runtime's own object. */
  readonly handle: object;
  download(): Promise<Elements>;
  dispose(): void;
}

/** Memory that is freed once its tensor is disposed and no run reads or writes it any more. */
abstract class Storage {
  private pins = 0;
  private released = false;

  pin(): void {
    this.pins++;
  }

  unpin(): void {
    this.pins--;
    this.freeIfUnused();
  }

  release(): void {
    this.released = true;
    this.freeIfUnused();
  }

  private freeIfUnused(): void {
    if (this.released && this.pins === 0) this.free();
  }

  protected abstract free(): void;
}

/** Elements in this process's memory; freeing them gives them back to the pool they came from. */
export class HostStorage extends Storage {
  readonly elements: Elements;
  /** Whether code outside has seen `elements` and may read them at any time: then they are the garbage collector's. */
  escaped = false;
  private readonly recycle: (elements: Elements) => void;

  constructor(elements: Elements, recycle: (elements: Elements) => void = () => {}) {
    super();
    this.elements = elements;
    this.recycle = recycle;
  }

  protected override free(): void {
    if (!this.escaped) this.recycle(this.elements);
    this.escaped = true;
  }
}

export class DeviceStorage extends Storage {
  readonly tensor: DeviceTensor;
  private freed = false;

  constructor(tensor: DeviceTensor) {
    super();
    this.tensor = tensor;
  }

  protected override free(): void {
    if (!this.freed) this.tensor.dispose();
    this.freed = true;
  }
}

/** Free memory is kept up to this many bytes. */
const MAX_FREE_BYTES = 1 << 30;

/** Output buffers used again once their tensor is disposed, so that a training loop allocates nothing. */
export class BufferPool {
  private readonly free = new Map<string, Elements[]>();
  private freeBytes = 0;

  /** Storage for `size` elements, their values unspecified. */
  take(dtype: DType, size: number): HostStorage {
    const key = `${dtype}:${size}`;
    const found = this.free.get(key)?.pop();
    if (found) this.freeBytes -= found.byteLength;
    return new HostStorage(found ?? allocate(dtype, size), (elements) => this.put(key, elements));
  }

  private put(key: string, elements: Elements): void {
    if (this.freeBytes + elements.byteLength > MAX_FREE_BYTES) return;
    const list = this.free.get(key) ?? [];
    list.push(elements);
    this.free.set(key, list);
    this.freeBytes += elements.byteLength;
  }
}

/** Elements in the array type of their dtype: tfjs's `cpu` backend keeps a cast tensor's integers as they were. */
export function elementsAs(dtype: DType, values: ArrayLike<number>): Elements {
  if (dtype === "float32") return values instanceof Float32Array ? values : Float32Array.from(values);
  if (dtype === "int32") return values instanceof Int32Array ? values : Int32Array.from(values);
  return values instanceof Uint8Array ? values : Uint8Array.from(values);
}

function allocate(dtype: DType, size: number): Elements {
  if (dtype === "float32") return new Float32Array(size);
  return dtype === "int32" ? new Int32Array(size) : new Uint8Array(size);
}
