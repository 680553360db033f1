/** Scaled dot-product attention (Vaswani et al. 2017), with the gradient of FlashAttention (Dao et al. 2022, appendix B). */

import * as tf from "@tensorflow/tfjs";

/**
 * softmax(scale q k^T) v over the last two axes.
 *
 * @param q [..., t, d]  @param k [..., s, d]  @param v [..., s, e]  @param scale usually 1 / sqrt(d)  @returns [..., t, e]
 */
export function attention<T extends tf.Tensor>(q: T, k: T, v: T, scale: number): T {
  const op = tf.customGrad((q, k, v, save) => {
    (save as tf.GradSaveFunc)([q, k, v] as tf.Tensor[]);
    const value = tf.matMul(probabilities(q as tf.Tensor, k as tf.Tensor, scale), v as tf.Tensor);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [q, k, v] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      // Computed once in a compiled graph, and differentiable again.
      const p = probabilities(q, k, scale); // [..., t, s]
      const y = tf.matMul(p, v);
      // The softmax's gradient p (dp - sum(dp p)) with sum(dp p) = sum(dy y), subtracted within the product that gives dp:
      // [dy, -sum] [v, 1]^T. These are the largest tensors here, so every pass over them counts.
      const ones = tf.ones([...v.shape.slice(0, -1), 1]);
      const inner = tf.neg(tf.sum(tf.mul(dy, y), -1, true));
      const shifted = tf.matMul(tf.concat([dy, inner], -1), tf.concat([v, ones], -1), false, true);
      const ds = tf.mul(p, shifted);
      return [
        tf.mul(tf.matMul(ds, k), scale),
        tf.matMul(ds, tf.mul(q, scale), true, false),
        tf.matMul(p, dy, true, false),
      ];
    };
    return { value, gradFunc };
  });
  return op(q, k, v) as T;
}

function probabilities(q: tf.Tensor, k: tf.Tensor, scale: number): tf.Tensor {
  return tf.softmax(tf.matMul(tf.mul(q, scale), k, false, true));
}
