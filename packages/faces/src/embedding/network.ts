/**
 * The face embedding of dlib (dnn_face_recognition_ex: a ResNet-29 with half the filters of ResNet-34, trained so that embeddings of one
 * person are less than 0.6 apart), as face-api runs it: pixels are divided by 255, where dlib divides by 256.
 */

import * as tf from "@tensorflow/tfjs";
import { type Params, param } from "@touchstone/nn";

/** Sides of the images it takes. */
export const FACE_SIDE = 150;
/** Numbers that describe a face. */
export const DIMS = 128;

/** Subtracted from the pixels, red, green and blue. */
const MEAN = [122.782, 117.001, 104.298];

/**
 * @param params by the names of the manifest
 * @param pixels [b, 150, 150, 3], 0 to 255
 * @returns [b, 128]
 */
export function faceEmbedding(params: Params, pixels: tf.Tensor4D): tf.Tensor2D {
  const x = tf.div(tf.sub(pixels, MEAN), 255) as tf.Tensor4D; // [b, 150, 150, 3]
  const first = tf.relu(convolve(params, "conv32_down", x, 2, "valid")); // [b, 72, 72, 32]
  let map = tf.maxPool(first, 3, 2, "valid"); // [b, 35, 35, 32]
  for (const name of ["conv32_1", "conv32_2", "conv32_3"]) map = residual(params, name, map);
  map = residualDown(params, "conv64_down", map); // [b, 17, 17, 64]
  for (const name of ["conv64_1", "conv64_2", "conv64_3"]) map = residual(params, name, map);
  map = residualDown(params, "conv128_down", map); // [b, 8, 8, 128]
  for (const name of ["conv128_1", "conv128_2"]) map = residual(params, name, map);
  map = residualDown(params, "conv256_down", map); // [b, 4, 4, 256]
  for (const name of ["conv256_1", "conv256_2"]) map = residual(params, name, map);
  map = residualDown(params, "conv256_down_out", map); // [b, 2, 2, 256]
  const pooled = tf.mean(map, [1, 2]) as tf.Tensor2D; // [b, 256]
  return tf.matMul(pooled, param<tf.Tensor2D>(params, "fc", [256, DIMS])); // [b, 128]
}

function residual(params: Params, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const y = tf.relu(convolve(params, `${name}/conv1`, x, 1, "same")); // [b, h, w, c]
  return tf.relu(tf.add(convolve(params, `${name}/conv2`, y, 1, "same"), x)); // [b, h, w, c]
}

/** Half the size, maybe more channels: the shortcut is pooled, and zeros are what either side lacks at its end. */
function residualDown(params: Params, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const y = tf.relu(convolve(params, `${name}/conv1`, x, 2, "valid")); // [b, h', w', c']
  const long = convolve(params, `${name}/conv2`, y, 1, "same"); // [b, h', w', c']
  const short = tf.avgPool(x, 2, 2, "valid"); // [b, floor(h / 2), floor(w / 2), c]
  const shape = long.shape.map((length, axis) => Math.max(length, short.shape[axis]!));
  return tf.relu(tf.add(extend(long, shape), extend(short, shape))); // [b, max, max, c']
}

/** `x` with zeros behind it up to `shape`. */
function extend(x: tf.Tensor4D, shape: readonly number[]): tf.Tensor4D {
  if (shape.every((length, axis) => length === x.shape[axis])) return x;
  return tf.pad(
    x,
    shape.map((length, axis) => [0, length - x.shape[axis]!]),
  );
}

/** A convolution and its affine map of each channel, (conv(x) + bias) scale + shift, with the scale in the filters. */
function convolve(
  params: Params,
  name: string,
  x: tf.Tensor4D,
  stride: number,
  padding: "valid" | "same",
): tf.Tensor4D {
  const filter = param<tf.Tensor4D>(params, `${name}/conv/filters`, ["kh", "kw", x.shape[3], "out"]);
  const channels = [filter.shape[3]];
  const scale = param(params, `${name}/scale/weights`, channels);
  const bias = tf.mul(param(params, `${name}/conv/bias`, channels), scale); // [out]
  const shift = tf.add(bias, param(params, `${name}/scale/biases`, channels)); // [out]
  const y = tf.conv2d(x, tf.mul<tf.Tensor4D>(filter, scale), stride, padding); // [b, oh, ow, out]
  return tf.add(y, shift);
}
