/**
 * WGAN-GP (Gulrajani et al. 2017): DCGAN's generator against a critic, which scores images instead of telling real from fake.
 *
 * The critic is DCGAN's discriminator without batch normalisation, for the penalty is on the slope at each image alone (section 4, "No
 * critic batch normalization"), and without Sigmoid, as a score has no bounds.
 */

import * as tf from "@tensorflow/tfjs";
import { conv2d, conv2dSpecs, type ParamSpecs, type Params, scoped } from "@touchstone/nn";
import { FILTER_INIT, KERNEL, LEAK, WIDTH, type WidthOptions } from "../dcgan/model.ts";
import { requireCount } from "../require-count.ts";

/** A slope of length 0 has no direction, and its square root no derivative. */
const TINY = 1e-12;

/** With the default 2,763,776 parameters. @throws OptionError */
export function criticSpecs({ width = WIDTH }: WidthOptions = {}): ParamSpecs {
  requireCount("width", width);
  const channels = [3, width, 2 * width, 4 * width, 8 * width, 1];
  const layers = channels.slice(1).map((out, i) => {
    const filter = conv2dSpecs(channels[i]!, out, KERNEL, { bias: false, init: FILTER_INIT });
    return scoped(`net.${2 * i}`, filter);
  });
  return Object.assign({}, ...layers);
}

/** A score for each image, [b]. @param x in [-1, 1], [b, 64, 64, 3] */
export function criticize(params: Params, x: tf.Tensor4D): tf.Tensor1D {
  let y = x;
  for (let i = 0; i < 4; i++) {
    const map = conv2d(params, `net.${2 * i}`, y, { stride: 2, padding: 1 }); // [b, 32 / 2^i, 32 / 2^i, width 2^i]
    y = tf.leakyRelu(map, LEAK);
  }
  return tf.reshape(conv2d(params, "net.8", y), [x.shape[0]]); // [b]
}

/**
 * mean((|d score / d x| - 1)^2) at points between real and fake images, without its weight: equation 3.
 *
 * @param real [b, 64, 64, 3]  @param fake [b, 64, 64, 3]  @param mix how much of the real image each point has, in [0, 1), [b]
 */
export function gradientPenalty(
  score: (x: tf.Tensor4D) => tf.Tensor1D,
  real: tf.Tensor4D,
  fake: tf.Tensor4D,
  mix: tf.Tensor1D,
): tf.Scalar {
  const share = tf.reshape(mix, [mix.size, 1, 1, 1]);
  const between: tf.Tensor4D = tf.add(fake, tf.mul(share, tf.sub(real, fake))); // [b, 64, 64, 3]
  const slope = tf.grad((x) => tf.sum(score(x as tf.Tensor4D)))(between); // [b, 64, 64, 3]
  const length = tf.sqrt(tf.add(tf.sum(tf.square(slope), [1, 2, 3]), TINY)); // [b]
  return tf.mean(tf.square(tf.sub(length, 1)));
}
