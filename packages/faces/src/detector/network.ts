/**
 * The tiny face detector: Tiny YOLO v2 (Redmon and Farhadi, "YOLO9000", 2016) with depthwise separable convolutions in place of all but
 * the first and the last, and five boxes a cell.
 */

import * as tf from "@tensorflow/tfjs";
import { type Params, param } from "@touchstone/nn";

/** A cell of the grid covers so many pixels of the input, each way. */
export const CELL = 32;
/** Numbers of a cell: for each anchor x, y, width, height and score, all as logits. */
export const CELL_LENGTH = 25;

/** Subtracted from the pixels, red, green and blue. */
const MEAN = [117.001, 114.697, 97.404];
const LEAK = 0.1;
/** The pixel that is nearest to nothing for the network: what stands around images. */
export const GREY = MEAN.map(Math.round);

/**
 * @param params by the names of the manifest
 * @param pixels [b, size, size, 3], 0 to 255, size a multiple of 32
 * @returns [b, size / 32, size / 32, 25]
 */
export function faceGrid(params: Params, pixels: tf.Tensor4D): tf.Tensor4D {
  const x = tf.div(tf.sub(pixels, MEAN), 255) as tf.Tensor4D; // [b, s, s, 3]
  let map = leaky(convolve(params, "conv0", x)); // [b, s - 2, s - 2, 16]
  for (const name of ["conv1", "conv2", "conv3", "conv4", "conv5"]) {
    map = leaky(separable(params, name, halve(map))); // [b, s / 2^i, s / 2^i, 16 * 2^i], halves rounded up
  }
  const neighbours = tf.maxPool(map, 2, 1, "same"); // [b, s / 32, s / 32, 512]
  return convolve(params, "conv8", neighbours); // [b, s / 32, s / 32, 25]
}

function convolve(params: Params, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const filter = param<tf.Tensor4D>(params, `${name}/filters`, ["kh", "kw", x.shape[3], "out"]);
  return tf.add(tf.conv2d(x, filter, 1, "valid"), param(params, `${name}/bias`, [filter.shape[3]]));
}

function separable(params: Params, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const depthwise = param<tf.Tensor4D>(params, `${name}/depthwise_filter`, [3, 3, x.shape[3], 1]);
  const pointwise = param<tf.Tensor4D>(params, `${name}/pointwise_filter`, [1, 1, x.shape[3], "out"]);
  const y = tf.separableConv2d(x, depthwise, pointwise, 1, "same"); // [b, h, w, out]
  return tf.add(y, param(params, `${name}/bias`, [pointwise.shape[3]]));
}

function halve(x: tf.Tensor4D): tf.Tensor4D {
  return tf.maxPool(x, 2, 2, "same");
}

function leaky(x: tf.Tensor4D): tf.Tensor4D {
  return tf.leakyRelu(x, LEAK);
}
