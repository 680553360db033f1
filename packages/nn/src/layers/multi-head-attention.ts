/** Multi-head attention (Vaswani et al. 2017): torch.nn.MultiheadAttention with `batch_first`. */

import * as tf from "@tensorflow/tfjs";
import { attention } from "@touchstone/jit";
import { OptionError } from "../errors.ts";
import { torchDefault, xavierUniform, zeros } from "../init.ts";
import { type ParamSpecs, type Params, param } from "../params.ts";
import { requireShape } from "../shape.ts";
import { addBias } from "./bias.ts";
import { linear, multiply } from "./linear.ts";

export interface MultiHeadAttentionOptions {
  /** They share the channels evenly. */
  heads: number;
  /** [b, s, c]; default: the query, which is self-attention. */
  key?: tf.Tensor3D;
  /** [b, s, c]; default: the key. */
  value?: tf.Tensor3D;
}

export function multiHeadAttentionSpecs(
  channels: number,
  { bias = true }: { bias?: boolean } = {},
): ParamSpecs {
  return {
    in_proj_weight: { shape: [3 * channels, channels], init: xavierUniform(channels, 3 * channels) },
    ...(bias ? { in_proj_bias: { shape: [3 * channels], init: zeros } } : {}),
    "out_proj.weight": { shape: [channels, channels], init: torchDefault(channels) },
    ...(bias ? { "out_proj.bias": { shape: [channels], init: zeros } } : {}),
  };
}

/**
 * With `name.in_proj_weight` [3c, c], whose rows are those of the query, the key and the value, `name.out_proj.weight` [c, c] and,
 * where the tree has them, `name.in_proj_bias` [3c] and `name.out_proj.bias` [c].
 *
 * @param query [b, t, c]  @returns [b, t, c]
 */
export function multiHeadAttention(
  params: Params,
  name: string,
  query: tf.Tensor3D,
  { heads, key = query, value = key }: MultiHeadAttentionOptions,
): tf.Tensor3D {
  requireShape(`the query of "${name}"`, query.shape, ["b", "t", "c"]);
  const [b, t, c] = query.shape;
  requireShape(`the key of "${name}"`, key.shape, [b, "s", c]);
  requireShape(`the value of "${name}"`, value.shape, key.shape);
  if (!Number.isInteger(heads) || c % heads !== 0) {
    throw new OptionError(`heads of "${name}"`, `a divisor of the ${c} channels`, heads);
  }
  const [q, k, v] = project(params, name, [query, key, value]).map((x) => {
    const split = tf.reshape(x, [b, x.shape[1]!, heads, c / heads]); // [b, t, heads, c/heads]
    return tf.transpose(split, [0, 2, 1, 3]); // [b, heads, t, c/heads]
  }) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const mixed = attention(q, k, v, Math.sqrt(heads / c)); // [b, heads, t, c/heads]
  const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [b, t, c]) as tf.Tensor3D; // [b, t, c]
  return linear(params, `${name}.out_proj`, joined);
}

/** Query, key and value by their own rows of weight and bias, each [b, t, c]; in one product where they are one tensor. */
function project(params: Params, name: string, inputs: tf.Tensor3D[]): tf.Tensor[] {
  const [x] = inputs as [tf.Tensor3D];
  const c = x.shape[2];
  const weight = param<tf.Tensor2D>(params, `${name}.in_proj_weight`, [3 * c, c]);
  const biasName = `${name}.in_proj_bias`;
  if (inputs.every((other) => other === x)) {
    return tf.split(addBias(params, biasName, multiply(x, weight)), 3, -1);
  }
  const products = inputs.map((x, i) => multiply(x, tf.slice(weight, [i * c, 0], [c, c]))); // [b, t, c] or [b, s, c]
  if (!(biasName in params)) return products;
  const biases = tf.split(param(params, biasName, [3 * c]), 3); // [c] each
  return products.map((y, i) => tf.add(y, biases[i]!));
}
