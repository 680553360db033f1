/** Group normalisation (Wu and He 2018): torch.nn.GroupNorm. */

import * as tf from "@tensorflow/tfjs";
import { normalize, standardize } from "@touchstone/jit";
import { OptionError, ShapeError } from "../errors.ts";
import { ones, zeros } from "../init.ts";
import { type ParamSpecs, type Params, param } from "../params.ts";
import { sizeOf } from "../shape.ts";

export function groupNormSpecs(channels: number): ParamSpecs {
  return { weight: { shape: [channels], init: ones }, bias: { shape: [channels], init: zeros } };
}

/**
 * Normalises each sample's channels in `groups` of neighbours, with `name.weight` and `name.bias`, both [c].
 *
 * @param x [b, ..., c]
 */
export function groupNorm<T extends tf.Tensor>(
  params: Params,
  name: string,
  x: T,
  { groups, epsilon = 1e-5 }: { groups: number; epsilon?: number },
): T {
  if (x.rank < 2) throw new ShapeError(`the input of "${name}"`, "[b, ..., c]", x.shape);
  const channels = x.shape.at(-1)!;
  if (!Number.isInteger(groups) || channels % groups !== 0) {
    throw new OptionError(`groups of "${name}"`, `a divisor of the ${channels} channels`, groups);
  }
  const part = (key: string) => param<tf.Tensor1D>(params, `${name}.${key}`, [channels]);
  const [weight, bias] = [part("weight"), part("bias")];
  const inner = x.shape.slice(1, -1);
  if (groups === 1) {
    const axes = x.shape.slice(1).map((_, i) => i + 1);
    return normalize(x, weight, bias, axes, epsilon);
  }
  const grouped = tf.reshape(x, [x.shape[0]!, sizeOf(inner), groups, channels / groups]); // [b, n, g, c/g]
  const y = tf.reshape(standardize(grouped, [1, 3], epsilon), x.shape); // [b, ..., c]
  return tf.add(tf.mul(y, weight), bias);
}
