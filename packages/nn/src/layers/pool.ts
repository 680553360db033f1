/** Pooling of images: torch.nn.MaxPool2d and AvgPool2d. */

import * as tf from "@tensorflow/tfjs";
import { OptionError, ShapeError } from "../errors.ts";
import { padImage } from "./padded-conv.ts";
import { type Pair, pairOf } from "./pair.ts";

export interface PoolOptions {
  /** Default: the kernel. */
  stride?: Pair;
  /** On either side, at most half a kernel. Default 0. */
  padding?: Pair;
}

/**
 * The largest of each window; padding is never the largest.
 *
 * @param x [b, h, w, c]  @returns [b, oh, ow, c] with oh = floor((h + 2 padding - kernel) / stride) + 1
 */
export function maxPool2d(x: tf.Tensor4D, kernel: Pair, options: PoolOptions = {}): tf.Tensor4D {
  const { stride, padding } = windows(x, kernel, options);
  return tf.maxPool(padImage(x, padding, Number.NEGATIVE_INFINITY), pairOf(kernel), stride, "valid");
}

/**
 * The mean of each window, in which padding counts as zeros.
 *
 * @param x [b, h, w, c]  @returns [b, oh, ow, c]
 */
export function avgPool2d(x: tf.Tensor4D, kernel: Pair, options: PoolOptions = {}): tf.Tensor4D {
  const { stride, padding } = windows(x, kernel, options);
  return tf.avgPool(padImage(x, padding), pairOf(kernel), stride, "valid");
}

function windows(x: tf.Tensor4D, kernel: Pair, { stride = kernel, padding = 0 }: PoolOptions) {
  const [sides, pads] = [pairOf(kernel), pairOf(padding)];
  if (pads.some((pad, axis) => 2 * pad > sides[axis]!)) {
    throw new OptionError("padding of a pool", `at most half of the kernel, ${kernel}`, padding);
  }
  if (x.rank !== 4 || sides.some((side, axis) => x.shape[axis + 1]! + 2 * pads[axis]! < side)) {
    throw new ShapeError("the input of a pool", `[b, h, w, c] with room for a kernel of ${kernel}`, x.shape);
  }
  return { stride: pairOf(stride), padding: pads };
}
