/** Activations that tfjs lacks or differentiates wrongly. Of the others (relu, leakyRelu, sigmoid, tanh, ...) use tfjs's own. */

import * as tf from "@tensorflow/tfjs";

/** x sigmoid(x) (Elfwing et al. 2018): torch.nn.SiLU. */
export function silu<T extends tf.Tensor>(x: T): T {
  return tf.mul(x, tf.sigmoid(x));
}

/**
 * x - log(sum(exp(x))) over the last axis. The gradient is dy - softmax(x) sum(dy); tf.logSoftmax writes it with its saved result,
 * which a second differentiation takes for a constant.
 */
export function logSoftmax<T extends tf.Tensor>(x: T): T {
  const op = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor, [x]: tf.Tensor[]): tf.Tensor =>
      tf.sub(dy, tf.mul(tf.softmax(x!), tf.sum(dy, -1, true)));
    return { value: tf.logSoftmax(x as tf.Tensor), gradFunc };
  });
  return op(x) as T;
}
