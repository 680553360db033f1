/** One step of training as pure functions: on labelled images alone, or adapting to a second domain that has no labels. */

import * as tf from "@tensorflow/tfjs";
import {
  type AdamState,
  negativeLogLikelihood,
  type Optimizer,
  type Params,
  valueAndGradients,
} from "@touchstone/nn";
import { classifyDigits, classifyDomain, extractFeatures } from "./model.ts";

export type DannState = {
  trained: Params;
  /** Running statistics of the domain that is to be predicted. */
  buffers: Params;
  /** Those of the source where they are others: in mode `dann`. */
  sourceBuffers: Params;
  moments: AdamState;
};

/** The network as a checkpoint holds it, which reads images of this domain: each is normalised by the statistics it was trained with. */
export function paramsOf(
  { trained, buffers, sourceBuffers }: Omit<DannState, "moments">,
  domain: "source" | "target",
): Params {
  return { ...trained, ...buffers, ...(domain === "source" ? sourceBuffers : {}) };
}

export interface Labelled {
  x: tf.Tensor4D; // [b, 28, 28, 3], in [-1, 1]
  labels: tf.Tensor1D; // [b], 0 to 9
  /** Of dropout: uniform in [0, 1). */
  noise: tf.Tensor2D; // [b, 512]
}

export interface Adaptation {
  /** Images of the target domain, in [-1, 1]. */
  target: tf.Tensor4D; // [b, 28, 28, 3]
  /** Strength of the gradient reversal: a scalar or [1]. */
  lambda: tf.Tensor;
}

type Outcome = { loss: tf.Scalar; metrics: Record<string, tf.Scalar> } & Pick<
  DannState,
  "buffers" | "sourceBuffers"
>;

/** NLL of the digits. @param params with running statistics */
export function supervisedLoss(params: Params, { x, labels, noise }: Labelled): Outcome {
  const { features, buffers } = extractFeatures(params, x, { training: true });
  const { loss, accuracy } = judged(classifyDigits(params, features, noise), labels);
  return { loss, metrics: { loss, accuracy }, buffers, sourceBuffers: {} };
}

/**
 * NLL of the source's digits, plus that of its domain, plus that of the target's domain; the strength of the adaptation is in the reversal
 * (Ganin et al. 2016, section 4.2).
 *
 * Each domain is normalised by its own batch, and has running statistics of its own (Chang et al. 2019, "Domain-specific batch
 * normalization"): what differs in mean and variance alone is then nothing to adapt to, and training and evaluation agree for both. Statistics
 * of both together would be those of neither.
 *
 * @param params of each domain: what is trained is the same in both
 */
export function adaptationLoss(
  params: Record<"source" | "target", Params>,
  { x, labels, noise }: Labelled,
  { target, lambda }: Adaptation,
): Outcome {
  const ofSource = extractFeatures(params.source, x, { training: true });
  const ofTarget = extractFeatures(params.target, target, { training: true });
  const digits = judged(classifyDigits(params.source, ofSource.features, noise), labels);
  const domain = (features: tf.Tensor2D, is: 0 | 1) =>
    judged(classifyDomain(params.source, features, lambda), tf.fill([features.shape[0]], is, "int32"));
  const [source, other] = [domain(ofSource.features, 0), domain(ofTarget.features, 1)];
  const domainLoss = tf.add<tf.Scalar>(source.loss, other.loss);
  const loss = tf.add<tf.Scalar>(digits.loss, domainLoss);
  const domainAccuracy = tf.mul<tf.Scalar>(tf.add(source.accuracy, other.accuracy), 0.5);
  const metrics = { loss, classLoss: digits.loss, domainLoss, accuracy: digits.accuracy, domainAccuracy };
  return { loss, metrics, buffers: ofTarget.buffers, sourceBuffers: ofSource.buffers };
}

/** @param labels int32 */
function judged(
  logProbabilities: tf.Tensor2D,
  labels: tf.Tensor1D,
): { loss: tf.Scalar; accuracy: tf.Scalar } {
  const correct = tf.cast(tf.equal(tf.argMax(logProbabilities, 1), labels), "float32"); // [b]
  return { loss: negativeLogLikelihood(logProbabilities, labels), accuracy: tf.mean(correct) };
}

/**
 * A step of the optimizer, with the target domain or without.
 *
 * @param rate a scalar or [1]
 */
export function dannStep(
  state: DannState,
  source: Labelled,
  adaptation: Adaptation | undefined,
  rate: tf.Tensor,
  optimizer: Optimizer<AdamState>,
): { state: DannState; metrics: Record<string, tf.Scalar> } {
  const { gradients, metrics, buffers, sourceBuffers } = valueAndGradients((trained) => {
    const now = { ...state, trained };
    if (!adaptation) return supervisedLoss(paramsOf(now, "target"), source);
    const params = { source: paramsOf(now, "source"), target: paramsOf(now, "target") };
    return adaptationLoss(params, source, adaptation);
  }, state.trained);
  const { params, state: moments } = optimizer.update(state.trained, gradients, state.moments, rate);
  return { state: { trained: params, buffers, sourceBuffers, moments }, metrics };
}
