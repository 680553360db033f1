/**
 * DCGAN (Radford, Metz and Chintala 2016) for 64 x 64 RGB images: a generator and a discriminator, each PyTorch's Sequential `net`.
 *
 * Transposed convolutions with batch normalisation and ReLU turn noise into an image; strided convolutions with batch normalisation
 * and LeakyReLU turn an image into one number.
 */

import * as tf from "@tensorflow/tfjs";
import {
  batchNorm,
  batchNormSpecs,
  conv2d,
  conv2dSpecs,
  convTranspose2d,
  convTranspose2dSpecs,
  normal,
  type ParamSpecs,
  type Params,
  param,
  scoped,
} from "@touchstone/nn";
import { requireCount } from "../require-count.ts";

/** Images are this many pixels high and wide. */
export const SIDE = 64;
/** Filters are 4 x 4: with stride 2 each output pixel of a transposed convolution gets as many products as any other. */
export const KERNEL = 4;
/** Of LeakyReLU (section 3.1 of the paper). */
export const LEAK = 0.2;
/** "zero-centered Normal distribution with standard deviation 0.02" (section 4). */
export const FILTER_INIT = normal(0, 0.02);
/** The scale of a batch normalisation, by the same deviation around 1. */
const SCALE_INIT = normal(1, 0.02);

/** Channels next to the image, and length of the noise vector: the paper's. */
export const WIDTH = 64;
export const LATENT = 100;

export interface WidthOptions {
  /** Channels next to the image; each layer away from it has twice as many. Default 64. */
  width?: number;
}

export interface GeneratorOptions extends WidthOptions {
  /** Length of the noise vector. Default 100. */
  latent?: number;
}

/** With the defaults 3,576,704 parameters, and the running statistics. @throws OptionError */
export function generatorSpecs({ width = WIDTH, latent = LATENT }: GeneratorOptions = {}): ParamSpecs {
  requireCount("width", width);
  requireCount("latent", latent);
  const channels = [latent, 8 * width, 4 * width, 2 * width, width, 3];
  const specs: ParamSpecs = {};
  channels.slice(1).forEach((out, i) => {
    const filter = convTranspose2dSpecs(channels[i]!, out, KERNEL, { bias: false, init: FILTER_INIT });
    Object.assign(specs, scoped(`net.${3 * i}`, filter));
    const norm = batchNormSpecs(out, { init: SCALE_INIT });
    if (i < 4) Object.assign(specs, scoped(`net.${3 * i + 1}`, norm));
  });
  return specs;
}

/** With the default 2,765,568 parameters, and the running statistics. @throws OptionError */
export function discriminatorSpecs({ width = WIDTH }: WidthOptions = {}): ParamSpecs {
  requireCount("width", width);
  const channels = [3, width, 2 * width, 4 * width, 8 * width, 1];
  const specs: ParamSpecs = {};
  channels.slice(1).forEach((out, i) => {
    const filter = conv2dSpecs(channels[i]!, out, KERNEL, { bias: false, init: FILTER_INIT });
    Object.assign(specs, scoped(`net.${convAt(i)}`, filter));
    const norm = batchNormSpecs(out, { init: SCALE_INIT });
    if (i > 0 && i < 4) Object.assign(specs, scoped(`net.${convAt(i) + 1}`, norm));
  });
  return specs;
}

/** Where the discriminator's i-th convolution stands in the Sequential: the first one has no batch normalisation after it. */
const convAt = (i: number): number => (i === 0 ? 0 : 3 * i - 1);

/**
 * The dimension of the noise that a generator's parameters take.
 *
 * @throws MissingParameterError, ShapeError
 */
export function latentOf(params: Params): number {
  return param(params, "net.0.weight", [KERNEL, KERNEL, "out", "latent"]).shape[3]!;
}

/**
 * Images in (-1, 1), [b, 64, 64, 3].
 *
 * @param z standard normal, [b, latent]
 * @returns in training also the new running statistics
 */
export function generate(
  params: Params,
  z: tf.Tensor2D,
  { training = false }: { training?: boolean } = {},
): { images: tf.Tensor4D; buffers: Params } {
  const buffers: Params = {};
  const [b, latent] = z.shape;
  let x: tf.Tensor4D = tf.reshape(z, [b, 1, 1, latent]);
  for (let i = 0; i < 4; i++) {
    const up = i === 0 ? {} : { stride: 2, padding: 1 };
    const map = convTranspose2d(params, `net.${3 * i}`, x, up); // [b, 4 2^i, 4 2^i, 8 width / 2^i]
    const normed = batchNorm(params, `net.${3 * i + 1}`, map, { training });
    Object.assign(buffers, normed.buffers);
    x = tf.relu(normed.y);
  }
  const images = tf.tanh(convTranspose2d(params, "net.12", x, { stride: 2, padding: 1 })); // [b, 64, 64, 3]
  return { images, buffers };
}

/**
 * How real the images look, as logits, [b]. The Sequential's last module, Sigmoid, makes probabilities of them; it is left to the loss,
 * which is exact for logits where a probability would be rounded to 0 or 1.
 *
 * @param x in [-1, 1], [b, 64, 64, 3]
 * @returns in training also the new running statistics
 */
export function discriminate(
  params: Params,
  x: tf.Tensor4D,
  { training = false }: { training?: boolean } = {},
): { logits: tf.Tensor1D; buffers: Params } {
  const buffers: Params = {};
  let y = x;
  for (let i = 0; i < 4; i++) {
    y = conv2d(params, `net.${convAt(i)}`, y, { stride: 2, padding: 1 }); // [b, 32 / 2^i, 32 / 2^i, width 2^i]
    if (i > 0) {
      const normed = batchNorm(params, `net.${convAt(i) + 1}`, y, { training });
      Object.assign(buffers, normed.buffers);
      y = normed.y;
    }
    y = tf.leakyRelu(y, LEAK);
  }
  const logits = conv2d(params, `net.${convAt(4)}`, y); // [b, 1, 1, 1]
  return { logits: tf.reshape(logits, [x.shape[0]]), buffers };
}
