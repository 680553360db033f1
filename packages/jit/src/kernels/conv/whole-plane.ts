/** Convolutions whose kernel covers the whole input plane are products of matrices, and so are their gradients. */

import type { Value } from "../../graph/types.ts";
import type { LoweringContext } from "../lowering.ts";
import { type ConvSpec, reach } from "./spec.ts";

export function coversPlane({ height, width }: ConvSpec): boolean {
  return [height, width].every(
    (axis) =>
      axis.output === 1 &&
      axis.kernel === axis.input &&
      axis.before === 0 &&
      reach(axis) === 0 &&
      axis.dilation === 1,
  );
}

export function planeProduct({ g }: LoweringContext, x: Value, filter: Value, spec: ConvSpec): Value {
  const [n, inputs, outputs] = sizes(spec);
  const y = g.gemm(g.reshape(x, [n, inputs]), g.reshape(filter, [inputs, outputs]));
  return g.reshape(y, [n, 1, 1, outputs]);
}

export function planeInputGradient({ g }: LoweringContext, dy: Value, filter: Value, spec: ConvSpec): Value {
  const [n, inputs, outputs] = sizes(spec);
  const dx = g.gemm(g.reshape(dy, [n, outputs]), g.reshape(filter, [inputs, outputs]), { transB: true });
  return g.reshape(dx, [n, spec.height.input, spec.width.input, spec.inChannels]);
}

export function planeFilterGradient({ g }: LoweringContext, x: Value, dy: Value, spec: ConvSpec): Value {
  const [n, inputs, outputs] = sizes(spec);
  const dw = g.gemm(g.reshape(x, [n, inputs]), g.reshape(dy, [n, outputs]), { transA: true });
  return g.reshape(dw, [spec.height.kernel, spec.width.kernel, spec.inChannels, spec.outChannels]);
}

/** Images, inputs of one image, outputs of one image. */
function sizes({ batch, height, width, inChannels, outChannels }: ConvSpec): [number, number, number] {
  return [batch, height.input * width.input * inChannels, outChannels];
}
