/** Losses, each the mean over all samples (or elements), as PyTorch's. */

import * as tf from "@tensorflow/tfjs";
import { OptionError } from "../errors.ts";
import { requireShape } from "../shape.ts";
import { logSoftmax } from "./activations.ts";

/** torch.nn.BCELoss: a logarithm is at least this. */
const LEAST_LOG = -100;
/** torch.nn.BCELoss's gradient: p (1 - p) is at least this. */
const LEAST_VARIANCE = 1e-12;

/**
 * -log softmax(logits)[label]: torch.nn.CrossEntropyLoss.
 *
 * @param logits [b, classes]  @param labels int32 [b] in 0 ... classes - 1
 * @param labelSmoothing how much of each target is shared out among all classes (Szegedy et al. 2016), in [0, 1]
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  { labelSmoothing = 0 }: { labelSmoothing?: number } = {},
): tf.Scalar {
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new OptionError("labelSmoothing", "a number in [0, 1]", labelSmoothing);
  }
  const logProbabilities = logSoftmax(logits); // [b, classes]
  const loss = negativeLogLikelihood(logProbabilities, labels);
  if (labelSmoothing === 0) return loss;
  return tf.sub(tf.mul(loss, 1 - labelSmoothing), tf.mul(tf.mean(logProbabilities), labelSmoothing));
}

/**
 * -logProbabilities[label]: torch.nn.NLLLoss.
 *
 * @param logProbabilities [b, classes]  @param labels int32 [b] in 0 ... classes - 1
 */
export function negativeLogLikelihood(logProbabilities: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  requireShape("the predictions", logProbabilities.shape, ["b", "classes"]);
  const [b, classes] = logProbabilities.shape;
  requireShape("the labels", labels.shape, [b]);
  const picked = tf.mul(logProbabilities, tf.oneHot(labels, classes, 1, 0, "float32")); // [b, classes]
  return tf.mul(tf.sum(picked), -1 / b);
}

/**
 * -(t log(p) + (1 - t) log(1 - p)), logarithms clamped at -100: torch.nn.BCELoss. The gradient is its closed form
 * (p - t) / (p (1 - p)), which stays finite where p is 0 or 1.
 *
 * @param probability in [0, 1]  @param target in [0, 1], of the same shape
 */
export function binaryCrossEntropy<T extends tf.Tensor>(probability: T, target: T): tf.Scalar {
  requireShape("the targets", target.shape, probability.shape);
  const op = tf.customGrad((p, t, save) => {
    const [logP, logQ] = [clampedLog(p as tf.Tensor), clampedLog(tf.sub(1, p as tf.Tensor))];
    (save as tf.GradSaveFunc)([p as tf.Tensor, t as tf.Tensor]);
    const likelihood = tf.add(tf.mul(t as tf.Tensor, logP), tf.mul(tf.sub(1, t as tf.Tensor), logQ));
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [p, t] = saved as [tf.Tensor, tf.Tensor];
      const variance = tf.maximum(tf.mul(p, tf.sub(1, p)), LEAST_VARIANCE);
      return [
        tf.mul(dy, tf.div(tf.sub(p, t), variance)),
        tf.mul(dy, tf.sub(clampedLog(tf.sub(1, p)), clampedLog(p))),
      ];
    };
    return { value: tf.neg(likelihood), gradFunc };
  });
  return tf.mean(op(probability, target));
}

function clampedLog(x: tf.Tensor): tf.Tensor {
  return tf.maximum(tf.log(x), LEAST_LOG);
}

/**
 * binaryCrossEntropy(sigmoid(logits), target) without its clamps, as max(x, 0) - x t + log(1 + e^-|x|):
 * torch.nn.BCEWithLogitsLoss.
 *
 * @param target in [0, 1], of the same shape
 */
export function binaryCrossEntropyWithLogits<T extends tf.Tensor>(logits: T, target: T): tf.Scalar {
  requireShape("the targets", target.shape, logits.shape);
  const linear = tf.sub(tf.relu(logits), tf.mul(logits, target));
  return tf.mean(tf.add(linear, tf.softplus(tf.neg(tf.abs(logits)))));
}

/** (prediction - target)^2: torch.nn.MSELoss. Both of the same shape. */
export function meanSquaredError<T extends tf.Tensor>(prediction: T, target: T): tf.Scalar {
  requireShape("the targets", target.shape, prediction.shape);
  return tf.mean(tf.square(tf.sub(prediction, target)));
}
