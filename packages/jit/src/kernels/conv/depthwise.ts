/** Depthwise convolution: each input channel has `multiplier` filters of its own. */

import type { Value } from "../../graph/types.ts";
import type { LoweringContext } from "../lowering.ts";
import { padForTaps, tapInputs } from "./filter-gradient.ts";
import { convolve } from "./forward.ts";
import { type ConvSpec, NCHW_TO_NHWC, NHWC_TO_NCHW, reach } from "./spec.ts";

/** @param x [n, h, w, c]  @param filter [kh, kw, c, m]  @returns [n, oh, ow, c m] */
export function depthwiseConvolve(context: LoweringContext, x: Value, filter: Value, spec: ConvSpec): Value {
  return convolve(context, x, grouped(context, filter), spec, spec.inChannels);
}

/** [kh, kw, c, m] -> [kh, kw, 1, c m] */
function grouped({ g }: LoweringContext, filter: Value): Value {
  const [kh, kw, c, m] = filter.shape as [number, number, number, number];
  return g.reshape(filter, [kh, kw, 1, c * m]);
}

/** @param dy [n, oh, ow, c m]  @param filter [kh, kw, c, m]  @returns [n, h, w, c] */
export function depthwiseInputGradient(
  context: LoweringContext,
  dy: Value,
  filter: Value,
  spec: ConvSpec,
): Value {
  const { g } = context;
  if (context.target === "webgpu" && spec.outChannels > spec.inChannels)
    return inputGradientByMultiplier(context, dy, filter, spec);
  const { batch, inChannels, height, width } = spec;
  const weights = g.transpose(grouped(context, filter), [3, 2, 0, 1]); // [c m, 1, kh, kw]
  const axes = [height, width];
  const read = axes.map((axis) => axis.input + Math.min(0, reach(axis)));
  if (read.some((length) => length <= 0))
    return g.fill(0, "float32", [batch, height.input, width.input, inChannels]);
  const dx = g.op(
    "ConvTranspose",
    [g.transpose(dy, NHWC_TO_NCHW), weights],
    {
      kernel_shape: axes.map((axis) => axis.kernel),
      strides: axes.map((axis) => axis.stride),
      dilations: axes.map((axis) => axis.dilation),
      pads: [...axes.map((axis) => axis.before), ...axes.map((axis) => Math.max(0, reach(axis)))],
      group: inChannels,
    },
    { dtype: "float32", shape: [batch, inChannels, ...read] },
  );
  const unread = axes.map((axis, i) => axis.input - read[i]!);
  return g.transpose(g.pad(dx, [0, 0, 0, 0], [0, 0, ...unread]), NCHW_TO_NHWC);
}

/** ONNX Runtime's WebGPU provider transposes grouped convolutions right only with one filter to a group. */
function inputGradientByMultiplier(
  context: LoweringContext,
  dy: Value,
  filter: Value,
  spec: ConvSpec,
): Value {
  const { g } = context;
  const [c, m] = filter.shape.slice(2) as [number, number];
  const split = g.reshape(dy, [...dy.shape.slice(0, 3), c, m]);
  const parts = Array.from({ length: m }, (_, i) => {
    const gradient = g.reshape(g.slice(split, [i], [i + 1], [4]), [...dy.shape.slice(0, 3), c]);
    const weights = g.slice(filter, [i], [i + 1], [3]);
    return depthwiseInputGradient(context, gradient, weights, { ...spec, outChannels: c });
  });
  return parts.reduce((a, b) => g.add(a, b));
}

/** @param x [n, h, w, c]  @param dy [n, oh, ow, c m]  @returns [kh, kw, c, m] */
export function depthwiseFilterGradient({ g }: LoweringContext, x: Value, dy: Value, spec: ConvSpec): Value {
  const { batch, inChannels: c, outChannels, height, width } = spec;
  const multiplier = outChannels / c;
  const positions = [batch, height.output, width.output];
  const gradient = g.reshape(dy, [...positions, c, multiplier]);
  const padded = padForTaps(g, x, spec);
  const taps: Value[] = [];
  for (let i = 0; i < height.kernel; i++) {
    for (let j = 0; j < width.kernel; j++) {
      const seen = g.reshape(tapInputs(g, padded, spec, i, j), [...positions, c, 1]);
      taps.push(g.reduce("ReduceSum", g.mul(seen, gradient), [0, 1, 2])); // [c, m]
    }
  }
  return g.reshape(g.concat(taps, 0), [height.kernel, width.kernel, c, multiplier]);
}
