/** The gradient of resizeNearestNeighbor: wrong on tfjs's WebAssembly backend, and on its `cpu` backend for batches. */

import * as tf from "@tensorflow/tfjs";
import { nearestWeights, type Sampling } from "../../kernels/resize.ts";
import type { WrittenKernel } from "./call.ts";

/** dx = A^T dy B, A and B being the maps of the rows and of the columns. */
export const resizeNearestNeighborGrad: WrittenKernel = ({ inputs, attrs }) => {
  const [images, dy] = [inputs.images, inputs.dy] as [tf.Tensor4D, tf.Tensor4D];
  const [n, h, w, c] = images.shape;
  const [, outHeight, outWidth] = dy.shape;
  const sampling: Sampling = { alignCorners: attrs!.alignCorners as boolean, halfPixelCenters: false };
  const weights = (input: number, output: number): tf.Tensor3D =>
    tf.tensor3d(nearestWeights(input, output, sampling).elements, [1, output, input]);
  const rows = tf.reshape(dy, [n, outHeight, outWidth * c]);
  const high = tf.matMul(weights(h, outHeight), rows, true); // [n, h, outWidth c]
  const columns = tf.reshape(high, [n * h, outWidth, c]);
  const wide = tf.matMul(weights(w, outWidth), columns, true); // [n h, w, c]
  return tf.reshape(wide, [n, h, w, c]);
};
