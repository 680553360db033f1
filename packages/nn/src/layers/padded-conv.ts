/** Convolutions whose input is padded by a number of zeros on either side, as PyTorch's are, on every engine. */

import * as tf from "@tensorflow/tfjs";

type Sides = [height: number, width: number];

/** TensorFlow's own kernels (tfjs-node) know "valid" and "same" only. Everywhere else padding within the kernel is faster. */
function padsWithinKernel(): boolean {
  return tf.getBackend() !== "tensorflow";
}

function aroundPlanes([height, width]: Sides): tf.backend_util.ExplicitPadding {
  // biome-ignore format: one axis after the other
  return [[0, 0], [height, height], [width, width], [0, 0]];
}

/** x with `value` around its planes: [b, h + 2 ph, w + 2 pw, c]. */
export function padImage(x: tf.Tensor4D, padding: Sides, value = 0): tf.Tensor4D {
  return padding.some((side) => side > 0) ? tf.pad(x, aroundPlanes(padding), value) : x;
}

/** A single number where that says it all: not every engine's gradients take more. */
function kernelPadding(padding: Sides): number | tf.backend_util.ExplicitPadding {
  return padding[0] === padding[1] ? padding[0] : aroundPlanes(padding);
}

/** @param x [b, h, w, in]  @param filter [kh, kw, in, out]  @returns [b, oh, ow, out] */
export function convolve(x: tf.Tensor4D, filter: tf.Tensor4D, stride: Sides, padding: Sides): tf.Tensor4D {
  return padsWithinKernel()
    ? tf.conv2d(x, filter, stride, kernelPadding(padding))
    : tf.conv2d(padImage(x, padding), filter, stride, "valid");
}

/** @param x [b, h, w, in]  @param filter [kh, kw, out, in]  @returns [b, ...size, out] */
export function convolveTransposed(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  size: Sides,
  stride: Sides,
  padding: Sides,
): tf.Tensor4D {
  const [b, h, w] = x.shape;
  const [kh, kw, out] = filter.shape;
  if (padsWithinKernel())
    return tf.conv2dTranspose(x, filter, [b, ...size, out], stride, kernelPadding(padding));
  // All that the inputs reach; of that, `padding` is cut off before, and what `size` leaves after.
  const reach = (n: number, k: number, axis: 0 | 1) =>
    Math.max((n - 1) * stride[axis] + k, padding[axis] + size[axis]);
  const whole = tf.conv2dTranspose(x, filter, [b, reach(h, kh, 0), reach(w, kw, 1), out], stride, "valid");
  return tf.slice(whole, [0, ...padding, 0], [b, ...size, out]);
}
