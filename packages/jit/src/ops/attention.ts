/** Scaled dot-product attention (Vaswani et al. 2017), with the gradient of FlashAttention (Dao et al. 2022, appendix B). */

import * as tf from "@tensorflow/tfjs";

/**
 * The gradient computes the probabilities anew, for so many elements of them at a time: three such tensors of 5 MiB stay in
 * a processor's cache, where all of them at once would go to memory and back at every operation.
 */
const SLICE_ELEMENTS = 5 << 18;

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
      const y = attention(q, k, v, scale);
      const inner = tf.sum(tf.mul(dy, y), -1, true); // [..., t, 1]
      const [qs, ks, vs, dys, inners] = [q, k, v, dy, inner].map(matrices) as [
        Slicer,
        Slicer,
        Slicer,
        Slicer,
        Slicer,
      ];
      const slices = slicesOf(qs.count, q.shape.at(-2)! * k.shape.at(-2)!).map(([start, size]) =>
        gradients(qs.slice(start, size), ks.slice(start, size), vs.slice(start, size), {
          dy: dys.slice(start, size),
          inner: inners.slice(start, size),
          scale,
        }),
      );
      return [q, k, v].map((x, i) => {
        const parts = slices.map((slice) => slice[i]!);
        return tf.reshape(parts.length === 1 ? parts[0]! : tf.concat(parts, 0), x.shape);
      });
    };
    return { value, gradFunc };
  });
  return op(q, k, v) as T;
}

function probabilities(q: tf.Tensor, k: tf.Tensor, scale: number): tf.Tensor {
  return tf.softmax(tf.matMul(tf.mul(q, scale), k, false, true));
}

/** Gradients of some of the matrices: q [n, t, d], k [n, s, d], v [n, s, e], dy [n, t, e], inner = sum(dy y) [n, t, 1]. */
function gradients(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  { dy, inner, scale }: { dy: tf.Tensor; inner: tf.Tensor; scale: number },
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const p = probabilities(q, k, scale); // [n, t, s]
  // The softmax's gradient p (dp - sum(dp p)) with sum(dp p) = sum(dy y), subtracted within the product that gives dp:
  // [dy, -sum] [v, 1]^T.
  const ones = tf.ones([...v.shape.slice(0, -1), 1]);
  const shifted = tf.matMul(tf.concat([dy, tf.neg(inner)], -1), tf.concat([v, ones], -1), false, true); // [n, t, s]
  const ds = tf.mul(p, shifted); // [n, t, s]
  return [tf.mul(tf.matMul(ds, k), scale), transposedTimes(ds, tf.mul(q, scale)), transposedTimes(p, dy)];
}

/** a^T b as (b^T a)^T: with b as narrow as a head is, the long rows of a are read as they lie, twice as fast. */
function transposedTimes(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.transpose(tf.matMul(b, a, true, false), [0, 2, 1]);
}

interface Slicer {
  count: number;
  slice(start: number, size: number): tf.Tensor;
}

/** A tensor [..., a, b] as a row of matrices. */
function matrices(x: tf.Tensor): Slicer {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const flat = tf.reshape(x, [-1, rows, columns]);
  const count = flat.shape[0]!;
  return {
    count,
    slice: (start, size) => (size === count ? flat : tf.slice(flat, [start, 0, 0], [size, rows, columns])),
  };
}

/** [start, size] of slices of `count` matrices of `elements` each. */
function slicesOf(count: number, elements: number): [number, number][] {
  const fitting = Math.max(1, Math.floor(SLICE_ELEMENTS / elements));
  const size = fitting > 1 ? fitting - (fitting % 2) : 1; // Threads share the matrices out among them.
  const starts = Array.from({ length: Math.ceil(count / size) }, (_, i) => i * size);
  return starts.map((start) => [start, Math.min(size, count - start)]);
}
