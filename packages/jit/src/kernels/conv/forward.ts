/** Convolution. */

import type { Value } from "../../graph/types.ts";
import type { LoweringContext } from "../lowering.ts";
import { type ConvSpec, NCHW_TO_NHWC, NHWC_TO_NCHW, reach, room } from "./spec.ts";

/** @param x [n, h, w, ci]  @param filter [kh, kw, ci, co]  @returns [n, oh, ow, co] */
export function convolve({ g }: LoweringContext, x: Value, filter: Value, spec: ConvSpec, groups = 1): Value {
  const { height, width, batch, outChannels } = spec;
  const weights = g.transpose(filter, [3, 2, 0, 1]); // [co, ci, kh, kw]
  const y = g.op(
    "Conv",
    [g.transpose(x, NHWC_TO_NCHW), weights],
    {
      kernel_shape: [height.kernel, width.kernel],
      strides: [height.stride, width.stride],
      dilations: [height.dilation, width.dilation],
      pads: [height.before, width.before, Math.max(0, reach(height)), Math.max(0, reach(width))],
      group: groups,
    },
    { dtype: "float32", shape: [batch, outChannels, room(height), room(width)] },
  );
  return g.transpose(g.slice(y, [0, 0], [height.output, width.output], [2, 3]), NCHW_TO_NHWC);
}
