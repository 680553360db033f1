/** One step of training as a pure function: the squared error of the prediction, AdamW, and the moving average. */

import * as tf from "@tensorflow/tfjs";
import {
  type AdamState,
  meanSquaredError,
  movingAverage,
  type Optimizer,
  type Params,
  valueAndGradients,
} from "@touchstone/nn";
import { type Prediction, targetOf } from "./prediction.ts";
import { unet } from "./unet.ts";

export type DiffusionState = {
  params: Params;
  moments: AdamState;
  /** Of the parameters: what to sample with. */
  average: Params;
};

export interface DiffusionBatch {
  /** In [-1, 1]. */
  images: tf.Tensor4D; // [b, 28, 28, 3]
  /** Standard normal. */
  noise: tf.Tensor4D; // [b, 28, 28, 3]
  /** PyTorch's t, 0 ... T - 1, as floats. */
  times: tf.Tensor1D; // [b]
  /** sqrt(alphaBar) and sqrt(1 - alphaBar) at these times. */
  signal: tf.Tensor1D; // [b]
  sigma: tf.Tensor1D; // [b]
  /** int32, 0 ... 9, or UNLABELED where the network is not told. */
  labels: tf.Tensor1D; // [b]
}

/** How the state moves: both scalars or [1]. */
export interface Rates {
  learning: tf.Tensor;
  /** Of the moving average. */
  decay: tf.Tensor;
}

/** The mean squared error of what the network predicts; of noise it is L_simple, equation 14 of Ho et al. 2020. */
export function diffusionLoss(
  params: Params,
  batch: DiffusionBatch,
  prediction: Prediction = "noise",
): tf.Scalar {
  const each = (values: tf.Tensor1D) => tf.reshape(values, [values.size, 1, 1, 1]);
  const { images: image, noise } = batch;
  const [signal, sigma] = [each(batch.signal), each(batch.sigma)]; // [b, 1, 1, 1]
  const noised: tf.Tensor4D = tf.add(tf.mul(image, signal), tf.mul(noise, sigma)); // [b, 28, 28, 3]
  const predicted = unet(params, noised, batch.times, batch.labels); // [b, 28, 28, 3]
  return meanSquaredError(predicted, targetOf(prediction, { image, noise, signal, sigma }));
}

export function diffusionStep(
  { params, moments, average }: DiffusionState,
  batch: DiffusionBatch,
  { learning, decay }: Rates,
  optimizer: Optimizer<AdamState>,
  prediction: Prediction = "noise",
): { state: DiffusionState; loss: tf.Scalar } {
  const { loss, gradients } = valueAndGradients(
    (p) => ({ loss: diffusionLoss(p, batch, prediction) }),
    params,
  );
  const next = optimizer.update(params, gradients, moments, learning);
  return {
    state: { params: next.params, moments: next.state, average: movingAverage(average, next.params, decay) },
    loss,
  };
}
