/** Layer normalisation (Ba et al. 2016): torch.nn.LayerNorm over the last axis. */

import type * as tf from "@tensorflow/tfjs";
import { normalize } from "@touchstone/jit";
import { ShapeError } from "../errors.ts";
import { ones, zeros } from "../init.ts";
import { type ParamSpecs, type Params, param } from "../params.ts";

export function layerNormSpecs(features: number): ParamSpecs {
  return { weight: { shape: [features], init: ones }, bias: { shape: [features], init: zeros } };
}

/**
 * With `name.weight` and `name.bias`, both [c].
 *
 * @param x [..., c]
 */
export function layerNorm<T extends tf.Tensor>(
  params: Params,
  name: string,
  x: T,
  { epsilon = 1e-5 }: { epsilon?: number } = {},
): T {
  if (x.rank === 0) throw new ShapeError(`the input of "${name}"`, "[..., c]", x.shape);
  const part = (key: string) => param<tf.Tensor1D>(params, `${name}.${key}`, [x.shape.at(-1)!]);
  return normalize(x, part("weight"), part("bias"), [x.rank - 1], epsilon);
}
