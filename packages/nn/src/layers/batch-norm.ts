/** Batch normalisation (Ioffe and Szegedy 2015): torch.nn.BatchNorm2d and BatchNorm1d. */

import * as tf from "@tensorflow/tfjs";
import { normalize } from "@touchstone/jit";
import { ShapeError } from "../errors.ts";
import { type Initializer, ones, zeros } from "../init.ts";
import { type ParamSpecs, type Params, param } from "../params.ts";

export interface BatchNormOptions {
  /** By the statistics of x itself, instead of the running ones. Default false. */
  training?: boolean;
  /** How much of the new statistics goes into the running ones. Default 0.1. */
  momentum?: number;
  /** Added to the variance. Default 1e-5. */
  epsilon?: number;
}

export function batchNormSpecs(channels: number, { init = ones }: { init?: Initializer } = {}): ParamSpecs {
  const shape = [channels];
  return {
    weight: { shape, init },
    bias: { shape, init: zeros },
    running_mean: { shape, init: zeros, buffer: true },
    running_var: { shape, init: ones, buffer: true },
  };
}

/**
 * Normalises each channel, with `name.weight`, `name.bias`, `name.running_mean` and `name.running_var`, all [c].
 *
 * In training, `buffers` are the new running statistics under their full names, of which the variance is unbiased: the caller takes
 * them over into its tree. In evaluation there are none.
 *
 * @param x [b, h, w, c] or [b, c]
 */
export function batchNorm<T extends tf.Tensor>(
  params: Params,
  name: string,
  x: T,
  { training = false, momentum = 0.1, epsilon = 1e-5 }: BatchNormOptions = {},
): { y: T; buffers: Params } {
  if (x.rank < 2) throw new ShapeError(`the input of "${name}"`, "[b, ..., c]", x.shape);
  const channels = x.shape.at(-1)!;
  const part = (key: string) => param<tf.Tensor1D>(params, `${name}.${key}`, [channels]);
  const [weight, bias] = [part("weight"), part("bias")];
  const [runningMean, runningVariance] = [part("running_mean"), part("running_var")];
  if (!training) {
    return { y: tf.batchNorm(x, runningMean, runningVariance, bias, weight, epsilon) as T, buffers: {} };
  }

  const count = x.size / channels;
  if (count < 2) throw new ShapeError(`the input of "${name}"`, "more than one value a channel", x.shape);
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  // As `normalize` has them, which a compiled graph computes once.
  const mean = tf.mean(x, axes, true); // [1, ..., c]
  const variance = tf.mean(tf.square(tf.sub(x, mean)), axes, true); // [1, ..., c]
  const updated = (old: tf.Tensor, value: tf.Tensor, scale = 1) =>
    tf.add(tf.mul(old, 1 - momentum), tf.mul(tf.reshape(value, [channels]), momentum * scale));
  return {
    y: normalize(x, weight, bias, axes, epsilon),
    buffers: {
      [`${name}.running_mean`]: updated(runningMean, mean),
      [`${name}.running_var`]: updated(runningVariance, variance, count / (count - 1)),
    },
  };
}
