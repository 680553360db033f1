/** What tells the network how much noise there is and which digit is wanted: one vector, the sum of two embeddings. */

import * as tf from "@tensorflow/tfjs";
import { embeddingSpecs, type ParamSpecs, type Params, param, silu } from "@touchstone/nn";

/** Classes: the digits. */
export const CLASSES = 10;
/** Length of the vector, whatever the network's width. */
export const EMBEDDING = 256;

export function labelEmbeddingSpecs(): ParamSpecs {
  return embeddingSpecs(CLASSES, EMBEDDING);
}

/**
 * SiLU(sinusoids of the time + the label's row of `label_emb.weight`), [b, 256]. Every block begins with the SiLU.
 *
 * An UNLABELED image (-1) has no row: nothing is added to its sinusoids. So the table has ten rows, as PyTorch's `nn.Embedding(10, 256)`,
 * and a network that was trained with label dropout can be told "any digit" (Ho and Salimans 2021).
 *
 * @param times [b], or [1] for all  @param labels int32 [b], 0 ... 9 or UNLABELED
 */
export function embed(params: Params, times: tf.Tensor1D, labels: tf.Tensor1D): tf.Tensor2D {
  const table = param<tf.Tensor2D>(params, "label_emb.weight", [CLASSES, EMBEDDING]);
  // A row of zeros for a negative label.
  const rows = tf.oneHot(labels, CLASSES, 1, 0, "float32") as tf.Tensor2D; // [b, 10]
  return silu(tf.add<tf.Tensor2D>(sinusoids(times), tf.matMul(rows, table))); // [b, 256]
}

/** sin(t f) and cos(t f) for the frequencies f = 10000^(-i / 128) (Vaswani et al. 2017, section 3.5), all sines first: [b, 256]. */
export function sinusoids(times: tf.Tensor1D): tf.Tensor2D {
  const half = EMBEDDING / 2;
  const frequencies = Float32Array.from({ length: half }, (_, i) => 1e4 ** (-i / half));
  const angles = tf.mul(tf.expandDims(times, 1), tf.tensor2d(frequencies, [1, half])); // [b, 128]
  return tf.concat([tf.sin(angles), tf.cos(angles)], 1) as tf.Tensor2D; // [b, 256]
}
