/** `eager(fn)`: the same call as `jit(fn)`, run operation by operation on a tfjs backend. */

import * as tf from "@tensorflow/tfjs";
import { DisposedFunctionError, ImpureFunctionError } from "../errors.ts";
import { requireAlive } from "../runtime/results.ts";
import { homeOf, withBackend } from "../trace/tfjs.ts";
import { type Feed, type Flattened, flatten, isFeedArray, unflatten } from "../tree.ts";
import { type EagerBackend, prepareBackend, tfjsName } from "./backends.ts";

export interface EagerOptions {
  /** `cpu` (reference), `wasm`, `webgpu` (Dawn), `tensorflow` or `tensorflow-gpu` (tfjs-node). Default `cpu`. */
  backend?: EagerBackend;
}

export interface Eager<A extends unknown[], R> {
  /** As a compiled function's call; the result's tensors live on the backend. The caller disposes them. */
  (...args: Feed<A>): Promise<R>;
  readonly backend: EagerBackend;
  dispose(): Promise<void>;
}

/** @throws DeviceUnavailableError at the first call, where the backend is not installed or has no hardware. */
export function eager<A extends unknown[], R>(
  fn: (...args: A) => R,
  options: EagerOptions = {},
): Eager<A, R> {
  const name = options.backend ?? "cpu";
  let disposed = false;

  const call = async (...args: unknown[]): Promise<R> => {
    if (disposed) throw new DisposedFunctionError();
    const backend = await prepareBackend(name);
    const flat = flatten(args, "args");
    const host = await readForeignTensors(flat, backend);
    return withBackend(tfjsName(name), backend, () =>
      tf.tidy(() => {
        const leaves = flat.leaves.map((leaf, i) => {
          if (leaf.kind === "static") return leaf.value;
          if (isFeedArray(leaf.value)) return tf.tensor(leaf.value);
          const values = host.get(i);
          // A result is the caller's to dispose, so it must not be an argument itself.
          return values ? tf.tensor(values, leaf.value.shape, leaf.value.dtype) : tf.clone(leaf.value);
        });
        const result = fn(...(unflatten(flat.def, leaves) as A));
        if (result instanceof Promise) {
          throw new ImpureFunctionError(
            "A Promise returned",
            "A function to run eagerly must be synchronous.",
          );
        }
        return result as tf.TensorContainer;
      }),
    ) as R;
  };

  return Object.assign(call, {
    backend: name,
    dispose: async () => {
      disposed = true;
    },
  }) as unknown as Eager<A, R>;
}

/** The elements of tensors that live elsewhere: a tensor on a GPU cannot be read while the function runs. */
async function readForeignTensors(
  args: Flattened,
  backend: tf.KernelBackend,
): Promise<Map<number, tf.TypedArray>> {
  const host = new Map<number, tf.TypedArray>();
  await Promise.all(
    args.leaves.map(async (leaf, i) => {
      if (leaf.kind === "static" || isFeedArray(leaf.value)) return;
      requireAlive(leaf.value, () => args.path(i));
      if (homeOf(leaf.value.dataId) !== backend) host.set(i, await leaf.value.data());
    }),
  );
  return host;
}
