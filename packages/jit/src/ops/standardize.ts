/** Normalisation over any axes: the common part of layer, group and batch normalisation, with its gradient in closed form. */

import * as tf from "@tensorflow/tfjs";
import { kernelOr } from "./kernel.ts";

/** [(x - mean) / sqrt(variance + epsilon), 1 / sqrt(variance + epsilon)], the variance biased. */
function moments(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor[] {
  return kernelOr("Standardize", { x }, { axes, epsilon }, () => {
    const centred = tf.sub(x, tf.mean(x, axes, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon));
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

/**
 * standardize(x) gamma + beta, for a scale and an offset for each channel (the last axis): layer normalisation with axes
 * [rank - 1], group normalisation in one group with all but the first, batch normalisation with all but the last.
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
  return sorted.includes(channel)
    ? normalizeAcross(x, gamma, beta, sorted, epsilon)
    : normalizeChannels(x, gamma, beta, sorted, epsilon);
}

function sum(t: tf.Tensor, over: number[]): tf.Tensor {
  return over.length === 0 ? t : tf.sum(t, over, true);
}

function countOf(x: tf.Tensor, axes: number[]): number {
  return axes.reduce((n, axis) => n * x.shape[axis]!, 1);
}

/** Axes among which is the channel. */
function normalizeAcross<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  axes: number[],
  epsilon: number,
): T {
  const channel = x.rank - 1;
  const spatial = axes.filter((axis) => axis !== channel);
  const others = x.shape.map((_, i) => i).filter((axis) => !axes.includes(axis));

  const op = tf.customGrad((x, gamma, beta, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor, gamma as tf.Tensor]);
    const y = standardize(x as tf.Tensor, axes, epsilon);
    const value = tf.add(tf.mul(y, gamma as tf.Tensor), beta as tf.Tensor);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, gamma] = saved as [tf.Tensor, tf.Tensor];
      const y = standardize(x, axes, epsilon);
      const inverse = inverseDeviation(x, axes, epsilon);
      // Sums over the spatial axes serve both the parameters' gradients and the means that the input's needs.
      const dySum = sum(dy, spatial);
      const dyYSum = sum(tf.mul(dy, y), spatial);
      const mean = (t: tf.Tensor): tf.Tensor =>
        tf.mul(sum(tf.mul(t, gamma), [channel]), 1 / countOf(x, axes));
      const dx = tf.sub(
        tf.sub(tf.mul(dy, tf.mul(gamma, inverse)), tf.mul(y, tf.mul(inverse, mean(dyYSum)))),
        tf.mul(inverse, mean(dySum)),
      );
      const perChannel = (t: tf.Tensor): tf.Tensor => tf.reshape(sum(t, others), [-1]);
      return [dx, perChannel(dyYSum), perChannel(dySum)];
    };
    return { value, gradFunc };
  });
  return op(x, gamma, beta) as T;
}

/** x less its mean, and 1 / sqrt(variance + epsilon). */
function centredAndInverse(x: tf.Tensor, axes: number[], epsilon: number): [tf.Tensor, tf.Tensor] {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  return [centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon))];
}

/**
 * Axes without the channel. What is small, a number for each channel, is multiplied first, so that a pass over x does one product
 * and one sum: z = c (r gamma) + beta with c = x - mean and r = 1 / sqrt(variance + epsilon), and by the closed form of `standardize`
 * dx = dz (r gamma) - c (r^3 gamma mean(dz c)) - r gamma mean(dz).
 */
function normalizeChannels<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  axes: number[],
  epsilon: number,
): T {
  const others = x.shape.map((_, i) => i).filter((axis) => axis !== x.rank - 1 && !axes.includes(axis));

  const op = tf.customGrad((x, gamma, beta, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor, gamma as tf.Tensor]);
    const [centred, inverse] = centredAndInverse(x as tf.Tensor, axes, epsilon);
    const value = tf.add(tf.mul(centred, tf.mul(inverse, gamma as tf.Tensor)), beta as tf.Tensor);
    const gradFunc = (dz: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, gamma] = saved as [tf.Tensor, tf.Tensor];
      const [centred, inverse] = centredAndInverse(x, axes, epsilon);
      const scale = tf.mul(inverse, gamma);
      const dzSum = sum(dz, axes);
      const dzYSum = tf.mul(sum(tf.mul(dz, centred), axes), inverse);
      const share = tf.mul(scale, -1 / countOf(x, axes));
      const fromMoments = tf.add(
        tf.mul(centred, tf.mul(share, tf.mul(inverse, dzYSum))),
        tf.mul(share, dzSum),
      );
      const perChannel = (t: tf.Tensor): tf.Tensor => tf.reshape(sum(t, others), [-1]);
      return [tf.add(tf.mul(dz, scale), fromMoments), perChannel(dzYSum), perChannel(dzSum)];
    };
    return { value, gradFunc };
  });
  return op(x, gamma, beta) as T;
}
