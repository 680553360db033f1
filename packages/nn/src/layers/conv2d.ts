/** A convolution of images: torch.nn.Conv2d, in one group and without dilation. */

import type * as tf from "@tensorflow/tfjs";
import { ShapeError } from "../errors.ts";
import { type Initializer, torchDefault } from "../init.ts";
import { type ParamSpecs, type Params, param } from "../params.ts";
import { requireShape } from "../shape.ts";
import { addBias } from "./bias.ts";
import { convolve } from "./padded-conv.ts";
import { type Pair, pairOf } from "./pair.ts";

export interface Conv2dOptions {
  /** Default 1. */
  stride?: Pair;
  /** Zeros on either side. Default 0. */
  padding?: Pair;
}

/** @param init how the weight begins; the bias begins as PyTorch's in any case */
export function conv2dSpecs(
  channelsIn: number,
  channelsOut: number,
  kernel: Pair,
  { bias = true, init }: { bias?: boolean; init?: Initializer } = {},
): ParamSpecs {
  const [kh, kw] = pairOf(kernel);
  const standard = torchDefault(channelsIn * kh * kw);
  return {
    weight: { shape: [kh, kw, channelsIn, channelsOut], init: init ?? standard },
    ...(bias ? { bias: { shape: [channelsOut], init: standard } } : {}),
  };
}

/**
 * With `name.weight` [kh, kw, in, out] and, where the tree has it, `name.bias` [out].
 *
 * @param x [b, h, w, in]  @returns [b, oh, ow, out] with oh = floor((h + 2 padding - kh) / stride) + 1
 */
export function conv2d(
  params: Params,
  name: string,
  x: tf.Tensor4D,
  { stride = 1, padding = 0 }: Conv2dOptions = {},
): tf.Tensor4D {
  requireShape(`the input of "${name}"`, x.shape, ["b", "h", "w", "in"]);
  const [, h, w, channels] = x.shape;
  const filter = param<tf.Tensor4D>(params, `${name}.weight`, ["kh", "kw", channels, "out"]);
  const [kh, kw] = filter.shape;
  const [ph, pw] = pairOf(padding);
  if (h + 2 * ph < kh || w + 2 * pw < kw) {
    const least = `at least ${kh - 2 * ph} x ${kw - 2 * pw} pixels, a kernel less the padding`;
    throw new ShapeError(`the input of "${name}"`, least, x.shape);
  }
  const y = convolve(x, filter, pairOf(stride), [ph, pw]); // [b, oh, ow, out]
  return addBias(params, `${name}.bias`, y);
}
