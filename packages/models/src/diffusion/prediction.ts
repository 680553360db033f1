/** What the network is trained to predict of a noised image x = signal image + sigma noise. */

import * as tf from "@tensorflow/tfjs";
import { OptionError } from "@touchstone/nn";

/**
 * `noise` is Ho et al. 2020. `velocity` is signal noise - sigma image (Salimans and Ho 2022, "Progressive Distillation", section 4): an error
 * in it is never magnified on the way to the image, as one in the noise is by 1 / signal where there is next to nothing but noise.
 */
export type Prediction = "noise" | "velocity";

export const PREDICTIONS: readonly Prediction[] = ["noise", "velocity"];

/** @throws OptionError */
export function requirePrediction(prediction: string = "noise"): void {
  if (PREDICTIONS.includes(prediction as Prediction)) return;
  throw new OptionError("prediction", `one of ${PREDICTIONS.join(", ")}`, prediction);
}

/** A noised image's two shares, each of a shape that spreads over the image's. */
interface Shares {
  /** sqrt(alphaBar) */
  signal: tf.Tensor;
  /** sqrt(1 - alphaBar) */
  sigma: tf.Tensor;
}

/** What the network should predict of an image and the noise in it: their shape. */
export function targetOf(
  prediction: Prediction,
  { image, noise, signal, sigma }: { image: tf.Tensor4D; noise: tf.Tensor4D } & Shares,
): tf.Tensor4D {
  return prediction === "noise" ? noise : tf.sub(tf.mul(noise, signal), tf.mul(image, sigma));
}

/** The image that a prediction means, x's shape. */
export function imageOf(
  prediction: Prediction,
  predicted: tf.Tensor4D,
  { x, signal, sigma }: { x: tf.Tensor4D } & Shares,
): tf.Tensor4D {
  if (prediction === "noise") return tf.div(tf.sub(x, tf.mul(predicted, sigma)), signal);
  return tf.sub(tf.mul(x, signal), tf.mul(predicted, sigma));
}
