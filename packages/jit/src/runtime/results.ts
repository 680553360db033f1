/**
 * The tfjs backend that holds what compiled functions return. It has no kernels: its tensors can be read, fed to
 * another compiled function without a copy, or used with any other backend, to which tfjs then moves them.
 */

import * as tf from "@tensorflow/tfjs";
import { DisposedTensorError } from "../errors.ts";
import { engine, homeOf } from "../trace/tfjs.ts";
import { type Buffer, BufferPool, type Elements } from "./buffers.ts";

export const RESULTS_BACKEND = "touchstone";

interface Held {
  buffer: Buffer;
  dtype: "float32" | "int32" | "bool";
  references: number;
}

class ResultsBackend extends tf.KernelBackend {
  readonly pool = new BufferPool();
  private readonly held = new WeakMap<object, Held>();
  private count = 0;

  /** Makes a tensor of a buffer that a run has filled. */
  adopt(buffer: Buffer, shape: number[], dtype: Held["dtype"]): tf.Tensor {
    const dataId = {};
    this.held.set(dataId, { buffer, dtype, references: 0 });
    this.count++;
    return engine.makeTensorFromTensorInfo({ dataId, shape, dtype }, this);
  }

  /** The buffer of one of this backend's tensors, with a pin that the caller must take off; undefined for others. */
  pin(tensor: tf.Tensor): Held | undefined {
    const held = this.held.get(tensor.dataId);
    if (held) held.buffer.pins++;
    return held;
  }

  override readSync(dataId: object): Elements {
    const held = this.held.get(dataId);
    if (!held) throw new DisposedTensorError("Reading the result of a compiled function");
    held.buffer.escaped = true;
    return held.buffer.elements;
  }

  override async read(dataId: object): Promise<Elements> {
    return this.readSync(dataId);
  }

  override write(values: tf.backend_util.BackendValues, _shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    this.move(dataId, values, _shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: object,
    values: tf.backend_util.BackendValues,
    _: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    const buffer: Buffer = { elements: values as Elements, pins: 0, escaped: true, released: false };
    this.held.set(dataId, { buffer, dtype: dtype as Held["dtype"], references });
    this.count++;
  }

  override disposeData(dataId: object, force = false): boolean {
    const held = this.held.get(dataId);
    if (!held) return true;
    held.references--;
    if (!force && held.references > 0) return false;
    this.held.delete(dataId);
    this.count--;
    this.pool.release(held.buffer, held.dtype);
    return true;
  }

  override incRef(dataId: object): void {
    const held = this.held.get(dataId);
    if (held) held.references++;
  }

  override refCount(dataId: object): number {
    return this.held.get(dataId)?.references ?? 0;
  }

  override numDataIds(): number {
    return this.count;
  }

  override memory() {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }
}

export const results = new ResultsBackend();

// The lowest priority: it can hold tensors but not compute, so tfjs must never choose it by itself.
tf.registerBackend(RESULTS_BACKEND, () => results, -1000);

/** The elements of a tensor on any backend; downloaded where it is on a device. */
export async function readTensor(tensor: tf.Tensor, path: string): Promise<Elements> {
  if (tensor.isDisposed || !homeOf(tensor.dataId)) throw new DisposedTensorError(`The tensor ${path}`);
  return (await tensor.data()) as Elements;
}
