/** What gradient functions are made of. */

import * as tf from "@tensorflow/tfjs";

// biome-ignore lint/suspicious/noExplicitAny: tfjs types attributes per kernel; each gradient names its own.
type Attributes = any;
type Derivatives = Record<string, () => tf.Tensor>;

/** A gradient whose function is given the saved tensors one by one. */
export function gradient<T extends tf.Tensor | tf.Tensor[] = tf.Tensor>(
  kernelName: string,
  inputsToSave: string[],
  derivatives: (dy: T, saved: tf.Tensor[], attrs: Attributes) => Derivatives,
  options: Partial<tf.GradConfig> = {},
): tf.GradConfig {
  return { kernelName, inputsToSave, gradFunc: derivatives as unknown as tf.GradFunc, ...options };
}

/** Calls a kernel that has no public function. */
export function kernel(name: string, inputs: Record<string, tf.Tensor>, attrs: Attributes = {}): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attrs) as tf.Tensor;
}

/** The sum over the axes along which a tensor of this shape was broadcast. */
export function sumTo(dy: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.backend_util.getReductionAxes(shape, dy.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, shape);
}

/** The gradient of an input that only chooses places: nothing flows through it. */
export function none(x: tf.Tensor): () => tf.Tensor {
  return () => tf.zeros(x.shape);
}

export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
