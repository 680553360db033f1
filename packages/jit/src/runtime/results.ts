/**
 * The tfjs backend that holds what compiled functions return. It has no kernels: its tensors can be read, fed to
 * another compiled function without a copy, or used with any other backend, to which tfjs then moves them.
 */

import * as tf from "@tensorflow/tfjs";
import { DisposedTensorError, ImpureFunctionError } from "../errors.ts";
import { engine, homeOf } from "../trace/tfjs.ts";
import { userLine } from "../trace/user-line.ts";
import { BufferPool, DeviceStorage, type Elements, elementsAs, HostStorage } from "./storage.ts";

export const RESULTS_BACKEND = "touchstone";

type ResultDType = "float32" | "int32" | "bool";

interface Held {
  storage: HostStorage | DeviceStorage;
  references: number;
}

class ResultsBackend extends tf.KernelBackend {
  readonly pool = new BufferPool();
  private readonly held = new WeakMap<object, Held>();
  private count = 0;

  /** Makes a tensor of what a run has written. */
  adopt(storage: HostStorage | DeviceStorage, shape: number[], dtype: ResultDType): tf.Tensor {
    const dataId = {};
    this.hold(dataId, storage, 0);
    return engine.makeTensorFromTensorInfo({ dataId, shape, dtype }, this);
  }

  /** Where this backend keeps a tensor; undefined for tensors of other backends. */
  storageOf(tensor: tf.Tensor): HostStorage | DeviceStorage | undefined {
    return this.held.get(tensor.dataId)?.storage;
  }

  private hold(dataId: object, storage: HostStorage | DeviceStorage, references: number): void {
    this.held.set(dataId, { storage, references });
    this.count++;
  }

  override readSync(dataId: object): Elements {
    const storage = this.held.get(dataId)?.storage;
    if (!storage) throw new DisposedTensorError("Reading the result of a compiled function", userLine());
    if (storage instanceof DeviceStorage) {
      const remedy = "It is in GPU memory: use `await tensor.data()` first.";
      throw new ImpureFunctionError("Reading a result synchronously", remedy, userLine());
    }
    storage.escaped = true;
    return storage.elements;
  }

  override async read(dataId: object): Promise<Elements> {
    const storage = this.held.get(dataId)?.storage;
    if (!(storage instanceof DeviceStorage)) return this.readSync(dataId);
    storage.pin();
    try {
      return await storage.tensor.download();
    } finally {
      storage.unpin();
    }
  }

  override write(values: tf.backend_util.BackendValues, _shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    this.hold(dataId, hosted(values, dtype), 1);
    return dataId;
  }

  override move(
    dataId: object,
    values: tf.backend_util.BackendValues,
    _shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    this.hold(dataId, hosted(values, dtype), references);
  }

  override disposeData(dataId: object, force = false): boolean {
    const held = this.held.get(dataId);
    if (!held) return true;
    held.references--;
    if (!force && held.references > 0) return false;
    this.held.delete(dataId);
    this.count--;
    held.storage.release();
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

/** Elements that somebody else owns, and so are never reused. */
function hosted(values: tf.backend_util.BackendValues, dtype: tf.DataType): HostStorage {
  const storage = new HostStorage(elementsAs(dtype as ResultDType, values as ArrayLike<number>));
  storage.escaped = true;
  return storage;
}

export const results = new ResultsBackend();

// The lowest priority: it can hold tensors but not compute, so tfjs must never choose it by itself.
tf.registerBackend(RESULTS_BACKEND, () => results, -1000);

/** @throws DisposedTensorError naming the tensor by its `path` among the arguments, asked for only then. */
export function requireAlive(tensor: tf.Tensor, path: () => string): void {
  if (tensor.isDisposed || !homeOf(tensor.dataId)) throw new DisposedTensorError(`The tensor ${path()}`);
}
