/** Operations with a kernel of their own in compiled graphs, and a composition of tfjs operations everywhere else. */

import * as tf from "@tensorflow/tfjs";

/** Runs `kernelName` where the current backend has it, else the composition. */
export function kernelOr<T>(
  kernelName: string,
  inputs: tf.NamedTensorMap,
  attrs: Record<string, unknown>,
  composition: () => T,
): T {
  if (!tf.getKernel(kernelName, tf.getBackend())) return composition();
  return tf.engine().runKernel(kernelName, inputs, attrs as tf.NamedAttrMap) as T;
}
