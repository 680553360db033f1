/**
 * The gradient of a convolution with respect to its input, which is also the transposed convolution.
 *
 * Input i = j - before receives dy[o] w[k] wherever j = o stride + k. With k = stride m + r and q = o + m this is
 * j = stride q + r: for each phase r an ordinary convolution over dy with ceil(kernel / stride) taps. All phases read
 * the same window, so one convolution with stride^2 times the channels computes them together, and its channels are
 * then dealt out over the plane (sub-pixel convolution, Shi et al. 2016). No multiplication by an inserted zero is left.
 */

import type { GraphBuilder } from "../../graph/builder.ts";
import type { Value } from "../../graph/types.ts";
import type { LoweringContext } from "../lowering.ts";
import { type Axis, type ConvSpec, NCHW_TO_NHWC, NHWC_TO_NCHW } from "./spec.ts";

/** @param dy [n, oh, ow, co]  @param filter [kh, kw, ci, co]  @returns [n, h, w, ci] */
export function convolveInputGradient(
  { g }: LoweringContext,
  dy: Value,
  filter: Value,
  spec: ConvSpec,
): Value {
  const { batch, inChannels: ci, height, width } = spec;
  const [mh, mw] = [taps(height), taps(width)];
  const [sh, sw] = [height.stride, width.stride];
  const [qh, qw] = [height.output + mh - 1, width.output + mw - 1];

  const z = g.op(
    "Conv",
    [g.transpose(dy, NHWC_TO_NCHW), phaseFilter(g, filter, spec)],
    {
      kernel_shape: [mh, mw],
      strides: [1, 1],
      pads: [mh - 1, mw - 1, mh - 1, mw - 1],
      dilations: [1, 1],
      group: 1,
    },
    { dtype: "float32", shape: [batch, sh * sw * ci, qh, qw] },
  );
  const phases = g.reshape(z, [batch, sh, sw, ci, qh, qw]);
  const dealt = g.transpose(phases, [0, 3, 4, 1, 5, 2]); // [n, ci, qh, sh, qw, sw]
  const plane = g.reshape(dealt, [batch, ci, qh * sh, qw * sw]);
  return g.transpose(crop(g, plane, [height, width]), NCHW_TO_NHWC);
}

function taps({ kernel, stride }: Axis): number {
  return Math.ceil(kernel / stride);
}

/** [kh, kw, ci, co] -> [sh sw ci, co, mh, mw]: the filter of each phase, mirrored. */
function phaseFilter(
  g: GraphBuilder,
  filter: Value,
  { height, width, inChannels, outChannels }: ConvSpec,
): Value {
  const [mh, mw] = [taps(height), taps(width)];
  const [sh, sw] = [height.stride, width.stride];
  const padded = g.pad(filter, [0, 0, 0, 0], [mh * sh - height.kernel, mw * sw - width.kernel, 0, 0]);
  const split = g.reshape(padded, [mh, sh, mw, sw, inChannels, outChannels]);
  const axes = [0, 2].filter((axis) => split.shape[axis]! > 1);
  const mirrored = g.slice(
    split,
    axes.map((a) => split.shape[a]! - 1),
    axes.map(() => -1),
    axes,
    axes.map(() => -1),
  );
  return g.reshape(g.transpose(mirrored, [1, 3, 4, 5, 0, 2]), [sh * sw * inChannels, outChannels, mh, mw]);
}

/** Takes `before ... before + input` of each spatial axis of an NCHW plane; inputs that no output read get zero. */
function crop(g: GraphBuilder, plane: Value, axes: readonly [Axis, Axis]): Value {
  const missing = axes.map((axis, i) => Math.max(0, axis.before + axis.input - plane.shape[2 + i]!));
  const whole = g.pad(plane, [0, 0, 0, 0], [0, 0, ...missing]);
  const starts = axes.map((axis) => axis.before);
  return g.slice(
    whole,
    starts,
    axes.map((axis) => axis.before + axis.input),
    [2, 3],
  );
}
