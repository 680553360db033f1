/** A linear layer: torch.nn.Linear. */

import * as tf from "@tensorflow/tfjs";
import { ShapeError } from "../errors.ts";
import { type Initializer, torchDefault } from "../init.ts";
import { type ParamSpecs, type Params, param } from "../params.ts";
import { sizeOf } from "../shape.ts";
import { addBias } from "./bias.ts";

export function linearSpecs(
  fanIn: number,
  fanOut: number,
  { bias = true, init = torchDefault(fanIn) }: { bias?: boolean; init?: Initializer } = {},
): ParamSpecs {
  return {
    weight: { shape: [fanOut, fanIn], init },
    ...(bias ? { bias: { shape: [fanOut], init: torchDefault(fanIn) } } : {}),
  };
}

/**
 * x weight^T + bias over the last axis, with `name.weight` [out, in] and, where the tree has it, `name.bias` [out].
 *
 * @param x [..., in]  @returns [..., out]
 */
export function linear<T extends tf.Tensor>(params: Params, name: string, x: T): T {
  if (x.rank === 0) throw new ShapeError(`the input of "${name}"`, "[..., in]", x.shape);
  const weight = param<tf.Tensor2D>(params, `${name}.weight`, ["out", x.shape.at(-1)!]);
  return addBias(params, `${name}.bias`, multiply(x, weight));
}

/** x weight^T: [..., in] by [out, in]. */
export function multiply<T extends tf.Tensor>(x: T, weight: tf.Tensor2D): T {
  const [fanOut, fanIn] = weight.shape;
  const outer = x.shape.slice(0, -1);
  const rows = tf.reshape(x, [sizeOf(outer), fanIn]) as tf.Tensor2D; // [rows, in]
  return tf.reshape(tf.matMul(rows, weight, false, true), [...outer, fanOut]) as T; // [..., out]
}
