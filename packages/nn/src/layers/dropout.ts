/** Dropout (Srivastava et al. 2014) by noise that is given: torch.nn.Dropout and Dropout2d. */

import * as tf from "@tensorflow/tfjs";
import { OptionError, ShapeError } from "../errors.ts";

/**
 * x with zeros where the noise is below `rate`, and the rest divided by 1 - rate. In evaluation, leave it out.
 *
 * @param noise uniform in [0, 1), of x's shape; or with axes of length one, [b, 1, 1, c] to drop whole channels
 * @param rate the probability of a zero, in [0, 1)
 */
export function dropout<T extends tf.Tensor>(x: T, noise: tf.Tensor, rate: number): T {
  if (!(rate >= 0 && rate < 1)) throw new OptionError("rate of dropout", "a number in [0, 1)", rate);
  const fits = noise.rank === x.rank && noise.shape.every((n, axis) => n === 1 || n === x.shape[axis]);
  if (!fits) throw new ShapeError("the noise of dropout", `[${x.shape}], or 1 for some axes`, noise.shape);
  const factor = tf.mul(tf.cast(tf.greaterEqual(noise, rate), "float32"), 1 / (1 - rate));
  return tf.mul(x, factor);
}
