/** GELU (Hendrycks and Gimpel 2016) in its exact form. */

import * as tf from "@tensorflow/tfjs";
import { kernelOr } from "./kernel.ts";

/** x Phi(x), with Phi the normal distribution function by erf. Its derivative is Phi(x) + x phi(x). */
export function gelu<T extends tf.Tensor>(x: T): T {
  const op = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    const value = kernelOr("Gelu", { x: x as tf.Tensor }, {}, () =>
      tf.mul(x as tf.Tensor, normalCdf(x as tf.Tensor)),
    );
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [x] = saved as [tf.Tensor];
      const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.mul(dy, tf.add(normalCdf(x), tf.mul(x, density)));
    };
    return { value, gradFunc };
  });
  return op(x) as T;
}

function normalCdf(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);
}
