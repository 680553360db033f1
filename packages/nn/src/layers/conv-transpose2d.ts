/** A transposed convolution of images: torch.nn.ConvTranspose2d, in one group and without dilation. */

import type * as tf from "@tensorflow/tfjs";
import { OptionError, ShapeError } from "../errors.ts";
import { type Initializer, torchDefault } from "../init.ts";
import { type ParamSpecs, type Params, param } from "../params.ts";
import { requireShape } from "../shape.ts";
import { addBias } from "./bias.ts";
import type { Conv2dOptions } from "./conv2d.ts";
import { convolveTransposed } from "./padded-conv.ts";
import { type Pair, pairOf } from "./pair.ts";

export interface ConvTranspose2dOptions extends Conv2dOptions {
  /** Pixels more on the far side, fewer than the stride: of the sizes that a convolution brings to one, which. Default 0. */
  outputPadding?: Pair;
}

/** @param init how the weight begins; the bias begins as PyTorch's in any case */
export function convTranspose2dSpecs(
  channelsIn: number,
  channelsOut: number,
  kernel: Pair,
  { bias = true, init }: { bias?: boolean; init?: Initializer } = {},
): ParamSpecs {
  const [kh, kw] = pairOf(kernel);
  // PyTorch takes the second axis of [in, out, kh, kw] for the fan-in, which here counts the outputs.
  const standard = torchDefault(channelsOut * kh * kw);
  return {
    weight: { shape: [kh, kw, channelsOut, channelsIn], init: init ?? standard },
    ...(bias ? { bias: { shape: [channelsOut], init: standard } } : {}),
  };
}

/**
 * With `name.weight` [kh, kw, out, in] and, where the tree has it, `name.bias` [out].
 *
 * @param x [b, h, w, in]  @returns [b, oh, ow, out] with oh = (h - 1) stride - 2 padding + kh + outputPadding
 */
export function convTranspose2d(
  params: Params,
  name: string,
  x: tf.Tensor4D,
  { stride = 1, padding = 0, outputPadding = 0 }: ConvTranspose2dOptions = {},
): tf.Tensor4D {
  requireShape(`the input of "${name}"`, x.shape, ["b", "h", "w", "in"]);
  const filter = param<tf.Tensor4D>(params, `${name}.weight`, ["kh", "kw", "out", x.shape[3]]);
  const [strides, pads, extras] = [pairOf(stride), pairOf(padding), pairOf(outputPadding)];
  if (extras.some((extra, axis) => extra >= strides[axis]!)) {
    throw new OptionError(`outputPadding of "${name}"`, `less than the stride, ${stride}`, outputPadding);
  }
  const sizeOf = (axis: 0 | 1) =>
    (x.shape[axis + 1]! - 1) * strides[axis] - 2 * pads[axis] + filter.shape[axis] + extras[axis];
  const size: [number, number] = [sizeOf(0), sizeOf(1)];
  if (size.some((length) => length < 1)) {
    const larger = `one of which the padding of ${padding} leaves at least a pixel`;
    throw new ShapeError(`the input of "${name}"`, larger, x.shape);
  }
  const y = convolveTransposed(x, filter, size, strides, pads); // [b, oh, ow, out]
  return addBias(params, `${name}.bias`, y);
}
