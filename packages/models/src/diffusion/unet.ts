/**
 * Diffusion_UNet_Small: predicts the noise in images of digits (or their velocity), 28 x 28 RGB, told how much of it there is and which digit
 * is wanted.
 *
 * Two halvings and two doublings with skips between (Ronneberger et al. 2015), self-attention after each; normalisation is
 * GroupNorm(1, c), the activation the exact GELU. Parameters have the names and shapes of the PyTorch module's.
 */

import * as tf from "@tensorflow/tfjs";
import { gelu } from "@touchstone/jit";
import {
  conv2d,
  groupNorm,
  layerNorm,
  linear,
  maxPool2d,
  multiHeadAttention,
  type Params,
  upsample2x,
} from "@touchstone/nn";
import { embed } from "./embedding.ts";

/** Images are this many pixels high and wide. */
export const SIDE = 28;
/** Of each self-attention; the width is a multiple of it. */
export const HEADS = 4;

/**
 * What the network was trained to predict of x, [b, 28, 28, 3]. Shapes in the comments are those of width 64.
 *
 * @param x noised images, [b, 28, 28, 3]; other sides that 4 divides work as well
 * @param times [b], or [1] for all: PyTorch's t, 0 (least noise) ... T - 1, as floats
 * @param labels int32 [b], 0 ... 9, or UNLABELED (-1) for any digit
 */
export function unet(params: Params, x: tf.Tensor4D, times: tf.Tensor1D, labels: tf.Tensor1D): tf.Tensor4D {
  const embedding = embed(params, times, labels); // [b, 256]
  const x1 = doubleConv(params, "inc", x); // [b, 28, 28, 64]
  const x2 = attend(params, "sa1", down(params, "down1", x1, embedding)); // [b, 14, 14, 128]
  const x3 = attend(params, "sa2", down(params, "down2", x2, embedding)); // [b, 7, 7, 128]
  const middle = doubleConv(params, "bot2", doubleConv(params, "bot1", x3)); // [b, 7, 7, 128]
  const y2 = attend(params, "sa3", up(params, "up1", middle, x2, embedding)); // [b, 14, 14, 64]
  const y1 = attend(params, "sa4", up(params, "up2", y2, x1, embedding)); // [b, 28, 28, 64]
  return conv2d(params, "outc", y1); // [b, 28, 28, 3]
}

/** Convolution, normalisation, GELU, convolution, normalisation; `residual` adds the input, and a GELU. */
function doubleConv(params: Params, name: string, x: tf.Tensor4D, { residual = false } = {}): tf.Tensor4D {
  const at = `${name}.double_conv`;
  const hidden = groupNorm(params, `${at}.1`, conv2d(params, `${at}.0`, x, { padding: 1 }), { groups: 1 }); // [b, h, w, hidden]
  const map = conv2d(params, `${at}.3`, gelu(hidden), { padding: 1 }); // [b, h, w, out]
  const y = groupNorm(params, `${at}.4`, map, { groups: 1 }); // [b, h, w, out]
  return residual ? gelu(tf.add(x, y)) : y;
}

/** Half the size. @param embedding [b, 256] */
function down(params: Params, name: string, x: tf.Tensor4D, embedding: tf.Tensor2D): tf.Tensor4D {
  const halved = maxPool2d(x, 2); // [b, h/2, w/2, in]
  const refined = doubleConv(params, `${name}.maxpool_conv.1`, halved, { residual: true }); // [b, h/2, w/2, in]
  const y = doubleConv(params, `${name}.maxpool_conv.2`, refined); // [b, h/2, w/2, out]
  return tf.add(y, shift(params, name, embedding)); // [b, h/2, w/2, out]
}

/** Twice the size, beside the map of that size from the way down. @param skip [b, 2h, 2w, skip]  @param embedding [b, 256] */
function up(
  params: Params,
  name: string,
  x: tf.Tensor4D,
  skip: tf.Tensor4D,
  embedding: tf.Tensor2D,
): tf.Tensor4D {
  const joined = tf.concat([skip, upsample2x(x)], 3); // [b, 2h, 2w, skip + in]
  const refined = doubleConv(params, `${name}.conv.0`, joined, { residual: true }); // [b, 2h, 2w, skip + in]
  const y = doubleConv(params, `${name}.conv.1`, refined); // [b, 2h, 2w, out]
  return tf.add(y, shift(params, name, embedding)); // [b, 2h, 2w, out]
}

/** A number for each channel: [b, 1, 1, out]. */
function shift(params: Params, name: string, embedding: tf.Tensor2D): tf.Tensor4D {
  return tf.reshape(linear(params, `${name}.emb_layer.1`, embedding), [embedding.shape[0], 1, 1, -1]);
}

/** Pre-normalised self-attention among pixels, and a layer for each pixel, both residual (Vaswani et al. 2017, Xiong et al. 2020). */
function attend(params: Params, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const [b, h, w, c] = x.shape;
  const pixels = tf.reshape(x, [b, h * w, c]) as tf.Tensor3D; // [b, h w, c]
  const normed = layerNorm(params, `${name}.ln`, pixels); // [b, h w, c]
  const mixed = tf.add(pixels, multiHeadAttention(params, `${name}.mha`, normed, { heads: HEADS })); // [b, h w, c]
  const hidden = linear(params, `${name}.ff_self.1`, layerNorm(params, `${name}.ff_self.0`, mixed)); // [b, h w, c]
  const y = tf.add(mixed, linear(params, `${name}.ff_self.3`, gelu(hidden))); // [b, h w, c]
  return tf.reshape(y, [b, h, w, c]);
}
