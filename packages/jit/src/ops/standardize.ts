/** Normalisation over any axes: the common part of layer, group and batch normalisation, with its gradient in closed form. */

import * as tf from "@tensorflow/tfjs";
import { kernelOr } from "./kernel.ts";

/** [x - mean, 1 / sqrt(variance + epsilon)], the variance biased. */
function centredAndInverse(x: tf.Tensor, axes: number[], epsilon: number): [tf.Tensor, tf.Tensor] {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  return [centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon))];
}

/** [(x - mean) / sqrt(variance + epsilon), 1 / sqrt(variance + epsilon)], the variance biased. */
function moments(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor[] {
  return kernelOr("Standardize", { x }, { axes, epsilon }, () => {
    const [centred, inverse] = centredAndInverse(x, axes, epsilon);
    return [tf.mul(centred, inverse), inverse];
  });
}

/** Counted from the start. */
function sortedAxes(axes: number[], rank: number): number[] {
  return axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
}

// Gradients call these functions again on the saved input instead of using saved results: a compiled graph holds equal
// operations once, and so the gradients can be differentiated themselves.

/**
 * (x - mean) / sqrt(variance + epsilon) with mean and biased variance over `axes`, of x's shape.
 * Its gradient is dx = (dy - mean(dy) - y mean(dy y)) / sqrt(variance + epsilon).
 */
export function standardize<T extends tf.Tensor>(x: T, axes: number[], epsilon: number): T {
  const sorted = sortedAxes(axes, x.rank);
  const op = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    const value = moments(x as tf.Tensor, sorted, epsilon)[0]!;
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [x] = saved as [tf.Tensor];
      const y = standardize(x, sorted, epsilon);
      const mean = (t: tf.Tensor): tf.Tensor => tf.mean(t, sorted, true);
      const projected = tf.sub(tf.sub(dy, mean(dy)), tf.mul(y, mean(tf.mul(dy, y))));
      return tf.mul(projected, inverseDeviation(x, sorted, epsilon));
    };
    return { value, gradFunc };
  });
  return op(x) as T;
}

/**
 * 1 / sqrt(variance + epsilon) over `axes`, none of them negative, which keep length one.
 * Its gradient is -dy y / (m (variance + epsilon)).
 */
export function inverseDeviation(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const op = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    const value = moments(x as tf.Tensor, axes, epsilon)[1]!;
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [x] = saved as [tf.Tensor];
      const count = axes.reduce((n, axis) => n * x.shape[axis]!, 1);
      const square = tf.square(inverseDeviation(x, axes, epsilon));
      return tf.mul(standardize(x, axes, epsilon), tf.mul(tf.mul(dy, square), -1 / count));
    };
    return { value, gradFunc };
  });
  return op(x);
}

/** A standardised tensor as `c u`, and `r` = 1 / sqrt(variance + epsilon). Without u it counts as 1. */
interface Standardized {
  c: tf.Tensor;
  u?: tf.Tensor;
  r: tf.Tensor;
}

function standardized(x: tf.Tensor, axes: number[], epsilon: number): Standardized {
  if (axes.includes(x.rank - 1)) {
    return { c: standardize(x, axes, epsilon), r: inverseDeviation(x, axes, epsilon) };
  }
  // With a mean and a deviation for each channel, x is only centred here: gamma and the deviation are multiplied first, being small, so that
  // a pass over x does one product and one sum.
  const [c, r] = centredAndInverse(x, axes, epsilon);
  return { c, u: r, r };
}

/**
 * standardize(x) gamma + beta, for a scale and an offset for each channel (the last axis): layer normalisation with axes
 * [rank - 1], group normalisation in one group with all but the first, batch normalisation with all but the last.
 * Its gradient is, with y = standardize(x), dx = r (dz gamma - y mean(dz gamma y) - mean(dz gamma)).
 *
 * @param gamma [c]  @param beta [c]
 */
export function normalize<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  axes: number[],
  epsilon: number,
): T {
  const channel = x.rank - 1;
  const sorted = sortedAxes(axes, x.rank);
  const spatial = sorted.filter((axis) => axis !== channel);
  const others = x.shape.map((_, i) => i).filter((axis) => axis !== channel && !spatial.includes(axis));
  const count = sorted.reduce((n, axis) => n * x.shape[axis]!, 1);
  const sum = (t: tf.Tensor, over: number[]): tf.Tensor => (over.length === 0 ? t : tf.sum(t, over, true));
  const overChannels = (t: tf.Tensor): tf.Tensor => (sorted.includes(channel) ? sum(t, [channel]) : t);
  const times = (u: tf.Tensor | undefined, t: tf.Tensor): tf.Tensor => (u ? tf.mul(t, u) : t);

  const op = tf.customGrad((x, gamma, beta, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor, gamma as tf.Tensor]);
    const { c, u } = standardized(x as tf.Tensor, sorted, epsilon);
    const value = tf.add(tf.mul(c, times(u, gamma as tf.Tensor)), beta as tf.Tensor);
    const gradFunc = (dz: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, gamma] = saved as [tf.Tensor, tf.Tensor];
      const { c, u, r } = standardized(x, sorted, epsilon);
      // Sums over the spatial axes serve both the parameters' gradients and the means that the input's needs.
      const dzSum = sum(dz, spatial);
      const dzYSum = times(u, sum(tf.mul(dz, c), spatial));
      const share = tf.mul(r, -1 / count);
      const less = (t: tf.Tensor): tf.Tensor => tf.mul(overChannels(tf.mul(t, gamma)), share);
      const fromMoments = tf.add(tf.mul(c, times(u, less(dzYSum))), less(dzSum));
      const dx = tf.add(tf.mul(dz, tf.mul(gamma, r)), fromMoments);
      const perChannel = (t: tf.Tensor): tf.Tensor => tf.reshape(sum(t, others), [-1]);
      return [dx, perChannel(dzYSum), perChannel(dzSum)];
    };
    return { value, gradFunc };
  });
  return op(x, gamma, beta) as T;
}
