// Layers in PyTorch's definitions. Images are NHWC.
import * as tf from "@tensorflow/tfjs";
import { attention, normalize, standardize } from "@touchstone/jit";

export function silu<T extends tf.Tensor>(x: T): T {
  return tf.mul(x, tf.sigmoid(x));
}

/** Group normalisation (Wu and He 2018) of x [b, h, w, c]. */
export function groupNorm(
  x: tf.Tensor4D,
  groups: number,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon = 1e-5,
): tf.Tensor4D {
  if (groups === 1) return normalize(x, gamma, beta, [1, 2, 3], epsilon); // [b, h, w, c]
  const [b, h, w, c] = x.shape;
  const y = standardize(tf.reshape(x, [b, h * w, groups, c / groups]), [1, 3], epsilon); // [b, h w, g, c/g]
  return tf.add(tf.mul(tf.reshape(y, x.shape), gamma), beta); // [b, h, w, c]
}

/** Layer normalisation over the last axis. */
export function layerNorm<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon = 1e-5,
): T {
  return normalize(x, gamma, beta, [x.rank - 1], epsilon);
}

export interface BatchStatistics {
  mean: tf.Tensor1D;
  /** Biased: divided by n. */
  variance: tf.Tensor1D;
}

/** Batch normalisation of x [b, h, w, c] by its own statistics, which it also returns. */
export function batchNormTraining(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon = 1e-5,
): { y: tf.Tensor4D; statistics: BatchStatistics } {
  const mean = tf.mean<tf.Tensor1D>(x, [0, 1, 2]); // [c]
  const variance = tf.mean<tf.Tensor1D>(tf.square(tf.sub(x, mean)), [0, 1, 2]); // [c]
  return { y: normalize(x, gamma, beta, [0, 1, 2], epsilon), statistics: { mean, variance } };
}

/** x . weight + bias over the last axis; weight is [in, out]. */
export function linear(x: tf.Tensor, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor {
  const [fanIn, fanOut] = weight.shape;
  const rows = tf.reshape(x, [-1, fanIn]) as tf.Tensor2D; // [rows, in]
  const y = tf.add(tf.matMul(rows, weight), bias); // [rows, out]
  return tf.reshape(y, [...x.shape.slice(0, -1), fanOut]);
}

export interface AttentionWeights {
  /** Columns are q, then k, then v. */
  qkvWeight: tf.Tensor2D; // [c, 3c]
  qkvBias: tf.Tensor1D; // [3c]
  outWeight: tf.Tensor2D; // [c, c]
  outBias: tf.Tensor1D; // [c]
}

/** Multi-head self-attention (Vaswani et al. 2017) of x [b, t, c], as torch.nn.MultiheadAttention. */
export function selfAttention(x: tf.Tensor3D, heads: number, weights: AttentionWeights): tf.Tensor3D {
  const [b, t, c] = x.shape;
  const qkv = linear(x, weights.qkvWeight, weights.qkvBias); // [b, t, 3c]
  const [q, k, v] = tf
    .split(qkv, 3, -1)
    .map((part) => tf.transpose(tf.reshape(part, [b, t, heads, c / heads]), [0, 2, 1, 3])) as [
    tf.Tensor4D,
    tf.Tensor4D,
    tf.Tensor4D,
  ]; // each [b, heads, t, c/heads]
  const mixed = attention(q, k, v, Math.sqrt(heads / c)); // [b, heads, t, c/heads]
  const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [b, t, c]); // [b, t, c]
  return linear(joined, weights.outWeight, weights.outBias) as tf.Tensor3D; // [b, t, c]
}

/** Bilinear x2 with align_corners, of x [b, h, w, c]. */
export function upsample2x(x: tf.Tensor4D): tf.Tensor4D {
  const [, h, w] = x.shape;
  return tf.image.resizeBilinear(x, [2 * h, 2 * w], true); // [b, 2h, 2w, c]
}

/** sin and cos of t times a geometric series of frequencies; t is [b], the result [b, channels]. */
export function timeEmbedding(t: tf.Tensor1D, channels: number): tf.Tensor2D {
  const half = channels / 2;
  const frequencies = Float32Array.from({ length: half }, (_, i) => 1e4 ** (-i / half));
  const angle = tf.mul(tf.expandDims(t, 1), tf.tensor2d(frequencies, [1, half])); // [b, half]
  return tf.concat([tf.sin(angle), tf.cos(angle)], 1) as tf.Tensor2D; // [b, channels]
}
