/** The few places of tfjs's engine that have no public name, in one file. */

import * as tf from "@tensorflow/tfjs";

type DataId = tf.DataId;

interface Engine {
  backendName: string | undefined;
  backendInstance: tf.KernelBackend | null;
  registry: Record<string, tf.KernelBackend>;
  registeredVariables: Record<string, tf.Variable>;
  state: {
    tensorInfo: {
      get(id: DataId): { backend: tf.KernelBackend; dtype: tf.DataType; shape: number[] } | undefined;
    };
  };
  makeTensorFromTensorInfo(info: tf.TensorInfo, backend?: tf.KernelBackend): tf.Tensor;
  makeVariable(...args: unknown[]): tf.Variable;
  startScope(name?: string): void;
  endScope(result?: unknown): void;
}

export const engine = tf.engine() as unknown as Engine;

/** Runs `body` with another backend as tfjs's current one. Both switches are synchronous, unlike `tf.setBackend`. */
export function withBackend<T>(name: string, backend: tf.KernelBackend, body: () => T): T {
  const { backendName, backendInstance } = engine;
  engine.backendName = name;
  engine.backendInstance = backend;
  try {
    return body();
  } finally {
    engine.backendName = backendName;
    engine.backendInstance = backendInstance;
  }
}

/** The backend that holds a tensor's data, or undefined once it is disposed. */
export function homeOf(dataId: DataId): tf.KernelBackend | undefined {
  return engine.state.tensorInfo.get(dataId)?.backend;
}

/** tfjs's reference backend: constants are folded with it. Made here if the program has not used it yet. */
export function cpuBackend(): tf.KernelBackend & CpuBackend {
  const backend = (tf.findBackend("cpu") ?? engine.registry.cpu) as
    | (tf.KernelBackend & CpuBackend)
    | undefined;
  if (!backend) throw new Error("The tfjs cpu backend is not registered");
  backend.firstUse = false; // Its advice to install tfjs-node is not ours to print.
  return backend;
}

// At once, since tfjs prints the advice at the first tensor a program makes. tfjs would also choose this backend, but
// make another instance of it for that.
if (!engine.backendName) void tf.setBackend("cpu");
cpuBackend();

interface CpuBackend {
  firstUse: boolean;
  makeTensorInfo(shape: number[], dtype: tf.DataType, values?: tf.backend_util.TypedArray): tf.TensorInfo;
  disposeIntermediateTensorInfo(info: tf.TensorInfo): void;
}
