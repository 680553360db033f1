/** Gradients kept from growing too large. */

import * as tf from "@tensorflow/tfjs";
import { OptionError } from "../errors.ts";
import { mapParams, type Params } from "../params.ts";

/** torch's allowance against dividing by zero. */
const EPSILON = 1e-6;

/** sqrt(sum of all squares) over the whole tree, a scalar. */
export function globalNorm(gradients: Params): tf.Scalar {
  const squares = Object.values(gradients).map((g) => tf.sum(tf.square(g)));
  return tf.sqrt(tf.addN(squares)) as tf.Scalar;
}

/** Scales the tree to a norm of at most `limit`: torch.nn.utils.clip_grad_norm_. `norm` is the one before. */
export function clipByGlobalNorm(gradients: Params, limit: number): { gradients: Params; norm: tf.Scalar } {
  requirePositive(limit);
  const norm = globalNorm(gradients);
  const factor = tf.minimum(tf.div(limit, tf.add(norm, EPSILON)), 1);
  return { gradients: mapParams(gradients, (g) => tf.mul(g, factor)), norm };
}

/** Each number clamped to [-limit, limit]: torch.nn.utils.clip_grad_value_. */
export function clipByValue(gradients: Params, limit: number): Params {
  requirePositive(limit);
  return mapParams(gradients, (g) => tf.clipByValue(g, -limit, limit));
}

function requirePositive(limit: number): void {
  if (!(limit > 0)) throw new OptionError("limit of gradients", "a number above 0", limit);
}
