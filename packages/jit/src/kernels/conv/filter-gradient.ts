/**
 * The gradient of a convolution with respect to its filter: for each kernel tap one matrix product of the inputs that
 * the tap saw with the output gradients, dw[k] = x_k^T dy.
 */

import type { GraphBuilder } from "../../graph/builder.ts";
import type { Value } from "../../graph/types.ts";
import type { LoweringContext } from "../lowering.ts";
import { type Axis, type ConvSpec, reach } from "./spec.ts";

/** @param x [n, h, w, ci]  @param dy [n, oh, ow, co]  @returns [kh, kw, ci, co] */
export function convolveFilterGradient({ g }: LoweringContext, x: Value, dy: Value, spec: ConvSpec): Value {
  const { batch, inChannels, outChannels, height, width } = spec;
  const positions = batch * height.output * width.output;
  const padded = padForTaps(g, x, spec);
  const gradient = g.reshape(dy, [positions, outChannels]);
  const taps: Value[] = [];
  for (let i = 0; i < height.kernel; i++) {
    for (let j = 0; j < width.kernel; j++) {
      const seen = g.reshape(tapInputs(g, padded, spec, i, j), [positions, inChannels]);
      taps.push(g.gemm(seen, gradient, { transA: true }));
    }
  }
  return g.reshape(g.concat(taps, 0), [height.kernel, width.kernel, inChannels, outChannels]);
}

export function padForTaps(g: GraphBuilder, x: Value, { height, width }: ConvSpec): Value {
  const after = [Math.max(0, reach(height)), Math.max(0, reach(width))] as const;
  return g.pad(x, [0, height.before, width.before, 0], [0, after[0], after[1], 0]);
}

/** The input that each output multiplied with tap (i, j): [n, oh, ow, c] */
export function tapInputs(
  g: GraphBuilder,
  padded: Value,
  { height, width }: ConvSpec,
  i: number,
  j: number,
): Value {
  const [top, left] = [i * height.dilation, j * width.dilation];
  const last = (axis: Axis, start: number): number => start + (axis.output - 1) * axis.stride + 1;
  return g.slice(
    padded,
    [top, left],
    [last(height, top), last(width, left)],
    [1, 2],
    [height.stride, width.stride],
  );
}
