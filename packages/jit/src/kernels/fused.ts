/** The kernels of this package's own operations (`ops/`). */

import type { Value } from "../graph/types.ts";
import { INTERNAL } from "../layout/blocked/spec.ts";
import type { KernelTable, Lowering } from "./lowering.ts";

interface StandardizeAttrs {
  axes: number[];
  epsilon: number;
}

/** Left to layout propagation, which knows whether the axes are contiguous in storage. */
const standardize: Lowering = ({ g }, { x }: { x: Value }, { axes, epsilon }: StandardizeAttrs) => {
  const kept = x.shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
  const outputs = [
    { dtype: x.dtype, shape: x.shape },
    { dtype: x.dtype, shape: kept },
  ];
  return g.ops("Standardize", [x], { axes, epsilon: { float: epsilon } }, outputs, INTERNAL);
};

const gelu: Lowering = ({ g, target }, { x }: { x: Value }) => {
  if (target === "cpu") return g.op("Gelu", [x], {}, x, "com.microsoft");
  const cdf = g.add(g.unary("Erf", g.mul(x, g.float(Math.SQRT1_2))), g.float(1));
  return g.mul(g.mul(x, cdf), g.float(0.5));
};

export const fusedKernels: KernelTable = { Gelu: gelu, Standardize: standardize };
