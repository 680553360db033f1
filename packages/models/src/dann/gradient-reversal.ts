/** The gradient reversal layer: what makes two networks play against each other in one backward pass (Ganin and Lempitsky 2015). */

import * as tf from "@tensorflow/tfjs";

/**
 * x itself; its gradient is -lambda dy. Eager, compiled, and differentiable twice.
 *
 * @param lambda a scalar or [1]: a tensor, so that another strength compiles nothing anew. Nothing flows back to it.
 */
export function reverseGradient<T extends tf.Tensor>(x: T, lambda: tf.Tensor): T {
  const op = tf.customGrad((x, lambda, save) => {
    (save as tf.GradSaveFunc)([lambda as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [lambda] = saved as [tf.Tensor];
      return [tf.neg(tf.mul(dy, lambda)), tf.zerosLike(lambda)];
    };
    return { value: tf.clone(x as tf.Tensor), gradFunc };
  });
  return op(x, tf.reshape(lambda, [])) as T;
}

/** How steeply the strength rises: gamma, 10 in all of the paper's experiments. */
const STEEPNESS = 10;

/**
 * 2 / (1 + exp(-10 p)) - 1, from 0 to nearly 1: what the domain classifier says before it has learned anything does not disturb the features
 * (Ganin and Lempitsky 2015, section 4).
 *
 * @param progress p, the share of the training that is done, in [0, 1]
 */
export function reversalStrength(progress: number): number {
  return 2 / (1 + Math.exp(-STEEPNESS * progress)) - 1;
}
