/** A table of vectors: torch.nn.Embedding. */

import * as tf from "@tensorflow/tfjs";
import { normal } from "../init.ts";
import { type ParamSpecs, type Params, param } from "../params.ts";

export function embeddingSpecs(count: number, features: number): ParamSpecs {
  return { weight: { shape: [count, features], init: normal(0, 1) } };
}

/**
 * The rows of `name.weight` [n, features] with these numbers.
 *
 * @param indices int32 [...] in 0 ... n - 1  @returns [..., features]
 */
export function embedding(params: Params, name: string, indices: tf.Tensor): tf.Tensor {
  return tf.gather(param<tf.Tensor2D>(params, `${name}.weight`, ["n", "features"]), indices as tf.Tensor1D);
}
