/**
 * Second derivatives of pooling and resizing. All are linear once the places of the maxima are known, so the gradient of
 * the gradient is the operation itself.
 */

import * as tf from "@tensorflow/tfjs";
import { gradient, none } from "./gradient.ts";

const avgPoolGrad = gradient("AvgPoolGrad", ["input"], (ddx, [x], { filterSize, strides, pad }) => ({
  dy: () => tf.avgPool(ddx as tf.Tensor4D, filterSize, strides, pad),
  input: none(x!),
}));

/** Takes the gradient at each maximum. Compiled, windows must not reach into padding (see MaxPoolWithArgmax). */
const maxPoolGrad = gradient(
  "MaxPoolGrad",
  ["input", "output"],
  (ddx, [x, y], { filterSize, strides, pad }) => ({
    dy: () => {
      const { indexes } = tf.maxPoolWithArgmax(x as tf.Tensor4D, filterSize, strides, pad, true);
      const places = tf.reshape(indexes!, [y!.size]);
      return tf.reshape(tf.gather(tf.reshape(ddx, [x!.size]), places), y!.shape);
    },
    input: none(x!),
    output: none(y!),
  }),
);

function resizeGrad(kernelName: string, resize: typeof tf.image.resizeBilinear): tf.GradConfig {
  return gradient(kernelName, ["images", "dy"], (ddx, [images, dy], { alignCorners, halfPixelCenters }) => ({
    dy: () =>
      resize(ddx as tf.Tensor4D, dy!.shape.slice(1, 3) as [number, number], alignCorners, halfPixelCenters),
    images: none(images!),
  }));
}

export const resamplingGradients: readonly tf.GradConfig[] = [
  avgPoolGrad,
  maxPoolGrad,
  resizeGrad("ResizeBilinearGrad", tf.image.resizeBilinear),
  resizeGrad("ResizeNearestNeighborGrad", tf.image.resizeNearestNeighbor),
];
