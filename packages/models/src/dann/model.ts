/**
 * DANN (Ganin and Lempitsky 2015; Ganin et al. 2016) for 28 x 28 RGB digits: features that tell the digit and do not tell the domain.
 *
 * Three parts, each PyTorch's Sequential. `feature_extractor`, five 3 x 3 convolutions with batch normalisation and a linear layer, turns
 * an image into 512 features; `class_classifier` reads the digit from them, and `domain_classifier`, behind a gradient reversal, the
 * domain. Only the extractor has batch normalisation: one in the domain classifier would take away the very means and variances by which
 * domains differ.
 */

import * as tf from "@tensorflow/tfjs";
import { standardize } from "@touchstone/jit";
import {
  batchNorm,
  batchNormSpecs,
  conv2d,
  conv2dSpecs,
  dropout,
  flatten,
  linear,
  linearSpecs,
  logSoftmax,
  maxPool2d,
  type ParamSpecs,
  type Params,
  scoped,
} from "@touchstone/nn";
import { reverseGradient } from "./gradient-reversal.ts";

/** Images are this many pixels high and wide. */
export const SIDE = 28;
export const CLASSES = 10;
/** Length of the feature vector. */
export const FEATURES = 512;
/** Of the features, on their way to the class classifier. */
export const DROPOUT = 0.5;
/** torch.nn.InstanceNorm2d's. */
const EPSILON = 1e-5;

/** `at`: where each stands in the Sequential; normalisation and ReLU follow it, and where it says so a MaxPool2d(2). */
const CONVOLUTIONS = [
  { at: 1, channelsIn: 3, channelsOut: 32, padding: 1, pool: false }, // 28 x 28
  { at: 4, channelsIn: 32, channelsOut: 32, padding: 1, pool: true }, // 14 x 14
  { at: 8, channelsIn: 32, channelsOut: 64, padding: 1, pool: false },
  { at: 11, channelsIn: 64, channelsOut: 64, padding: 1, pool: true }, // 7 x 7
  { at: 15, channelsIn: 64, channelsOut: 128, padding: 0, pool: false }, // 5 x 5
] as const;
const FLAT = 128 * 5 * 5;

/** 1,779,168 parameters; no biases, which the normalisations would take away again. */
export const featureExtractorSpecs: ParamSpecs = Object.assign(
  {},
  ...CONVOLUTIONS.flatMap(({ at, channelsIn, channelsOut }) => [
    scoped(`feature_extractor.${at}`, conv2dSpecs(channelsIn, channelsOut, 3, { bias: false })),
    scoped(`feature_extractor.${at + 1}`, batchNormSpecs(channelsOut)),
  ]),
  scoped("feature_extractor.19", linearSpecs(FLAT, FEATURES, { bias: false })),
  scoped("feature_extractor.20", batchNormSpecs(FEATURES)),
);

export const classClassifierSpecs: ParamSpecs = {
  ...scoped("class_classifier.1", linearSpecs(FEATURES, 128)),
  ...scoped("class_classifier.3", linearSpecs(128, CLASSES)),
};

export const domainClassifierSpecs: ParamSpecs = {
  ...scoped("domain_classifier.0", linearSpecs(FEATURES, 256)),
  ...scoped("domain_classifier.2", linearSpecs(256, 256)),
  ...scoped("domain_classifier.4", linearSpecs(256, 2)),
};

/** What reads digits: all that prediction needs, and all that is trained without adaptation. */
export const digitReaderSpecs: ParamSpecs = { ...featureExtractorSpecs, ...classClassifierSpecs };

export const dannSpecs: ParamSpecs = { ...digitReaderSpecs, ...domainClassifierSpecs };

/**
 * The features, at least 0, [b, 512].
 *
 * Each channel of each image is brought to mean 0 and variance 1 first (InstanceNorm2d, as Shu et al. 2018, "A DIRT-T approach to
 * unsupervised domain adaptation"): brightness, contrast and tint of an image say nothing about its digit.
 *
 * @param x [b, 28, 28, 3], in [-1, 1]
 * @returns in training also the new running statistics
 */
export function extractFeatures(
  params: Params,
  x: tf.Tensor4D,
  { training = false }: { training?: boolean } = {},
): { features: tf.Tensor2D; buffers: Params } {
  const buffers: Params = {};
  const normed = <T extends tf.Tensor>(at: number, y: T): T => {
    const result = batchNorm(params, `feature_extractor.${at}`, y, { training });
    Object.assign(buffers, result.buffers);
    return tf.relu(result.y);
  };
  let y = standardize(x, [1, 2], EPSILON); // [b, 28, 28, 3]
  for (const { at, padding, pool } of CONVOLUTIONS) {
    y = normed(at + 1, conv2d(params, `feature_extractor.${at}`, y, { padding })); // [b, h, w, channelsOut]
    if (pool) y = maxPool2d(y, 2); // [b, h / 2, w / 2, channelsOut]
  }
  const features = normed(20, linear(params, "feature_extractor.19", flatten(y))); // [b, 512]
  return { features, buffers };
}

/**
 * The logarithm of each digit's probability, [b, 10].
 *
 * @param features [b, 512]
 * @param noise uniform in [0, 1), [b, 512], in training; without it there is no dropout
 */
export function classifyDigits(params: Params, features: tf.Tensor2D, noise?: tf.Tensor2D): tf.Tensor2D {
  const kept = noise ? dropout(features, noise, DROPOUT) : features; // [b, 512]
  const hidden = tf.relu(linear(params, "class_classifier.1", kept)); // [b, 128]
  return logSoftmax(linear(params, "class_classifier.3", hidden)); // [b, 10]
}

/**
 * The logarithm of each domain's probability, [b, 2]: 0 is the source, 1 the target. The same in training and in evaluation.
 *
 * @param features [b, 512]; what flows back to them is reversed
 * @param lambda how strongly: a scalar or [1]
 */
export function classifyDomain(params: Params, features: tf.Tensor2D, lambda: tf.Tensor): tf.Tensor2D {
  const reversed = reverseGradient(features, lambda); // [b, 512]
  const first = tf.relu(linear(params, "domain_classifier.0", reversed)); // [b, 256]
  const second = tf.relu(linear(params, "domain_classifier.2", first)); // [b, 256]
  return logSoftmax(linear(params, "domain_classifier.4", second)); // [b, 2]
}
