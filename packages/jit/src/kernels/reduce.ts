/** Reductions, softmax, and sums and products along an axis. */

import type { GraphBuilder } from "../graph/builder.ts";
import { sizeOf, type Value } from "../graph/types.ts";
import { asNumber } from "./dtypes.ts";
import { type KernelTable, type Lowering, normalizeAxes, normalizeAxis } from "./lowering.ts";

interface Reduction {
  axis: number | number[];
  keepDims?: boolean;
}

/** ONNX Runtime's WebGPU provider refuses to reduce an empty tensor, even to an empty one. */
function reduce(g: GraphBuilder, type: string, x: Value, axes: number[], keepDims?: boolean): Value {
  const rest = x.shape.filter((_, i) => !axes.includes(i));
  if (sizeOf(rest) > 0) return g.reduce(type, x, axes, keepDims);
  const kept = x.shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
  return g.fill(0, x.dtype, keepDims ? kept : rest);
}

function reduction(type: string, prepare: (g: GraphBuilder, x: Value) => Value = asNumber): Lowering {
  return ({ g }, { x }: { x: Value }, { axis, keepDims }: Reduction) =>
    reduce(g, type, prepare(g, x), normalizeAxes(axis, x.shape.length), keepDims);
}

/** ONNX has no boolean reduction: any = maximum, all = minimum of 0 and 1. */
function booleanReduction(type: string): Lowering {
  const extremum = reduction(type, (g, x) => g.cast(x, "int32"));
  return (context, inputs, attrs) => context.g.cast(extremum(context, inputs, attrs) as Value, "bool");
}

/** ONNX Runtime passes over NaN or not, depending on the axes; in tfjs one NaN makes the result NaN. */
function extreme(g: GraphBuilder, type: string, x: Value, axes: number[], keepDims: boolean): Value {
  const found = reduce(g, type, asNumber(g, x), axes, keepDims);
  if (x.dtype !== "float32" || sizeOf(found.shape) === 0 || axes.every((axis) => x.shape[axis] === 1))
    return g.cast(found, x.dtype);
  const nan = g.unary("Not", g.elementwise("Equal", [x, x], "bool"));
  const spoilt = g.cast(g.reduce("ReduceMax", g.cast(nan, "int32"), axes, keepDims), "bool");
  return g.where(spoilt, g.float(Number.NaN), found);
}

function argReduction(type: string): Lowering {
  return ({ g }, { x }: { x: Value }, { axis }: { axis: number }) => {
    const along = normalizeAxis(axis ?? 0, x.shape.length);
    const shape = x.shape.map((dim, i) => (i === along ? 1 : dim));
    const found = g.op(type, [asNumber(g, x)], { axis: along, keepdims: 1 }, { dtype: "int64", shape });
    return g.cast(
      g.reshape(
        found,
        x.shape.filter((_, i) => i !== along),
      ),
      "int32",
    );
  };
}

const softmax: Lowering = ({ g }, { logits }: { logits: Value }, { dim }: { dim: number }) =>
  g.unary("Softmax", g.cast(logits, "float32"), { axis: normalizeAxis(dim, logits.shape.length) });

const cumsum: Lowering = ({ g }, { x }: { x: Value }, { axis, exclusive, reverse }) => {
  const along = g.fill(normalizeAxis(axis, x.shape.length), "int64");
  return g.op(
    "CumSum",
    [asNumber(g, x), along],
    { exclusive: Number(exclusive), reverse: Number(reverse) },
    asNumber(g, x),
  );
};

/**
 * ONNX has no running product. Recursive doubling: after k rounds each element is the product of the 2^k before it
 * (Hillis & Steele 1986), so an axis of length n takes log2(n) shifted multiplications.
 */
const cumprod: Lowering = ({ g }, { x }: { x: Value }, { axis, exclusive, reverse }) => {
  const along = normalizeAxis(axis, x.shape.length);
  const length = x.shape[along]!;
  let product = asNumber(g, x);
  const shift = (value: Value, by: number): Value => {
    const ones = g.fill(
      1,
      value.dtype,
      value.shape.map((dim, i) => (i === along ? Math.min(by, length) : dim)),
    );
    const rest = reverse
      ? g.slice(value, [by], [length], [along])
      : g.slice(value, [0], [Math.max(0, length - by)], [along]);
    return g.concat(reverse ? [rest, ones] : [ones, rest], along);
  };
  if (exclusive) product = shift(product, 1);
  for (let by = 1; by < length; by *= 2) product = g.mul(product, shift(product, by));
  return product;
};

const mean: Lowering = ({ g }, { x }: { x: Value }, { axis, keepDims }: Reduction) =>
  reduce(g, "ReduceMean", g.cast(x, "float32"), normalizeAxes(axis, x.shape.length), keepDims);

export const reduceKernels: KernelTable = {
  All: booleanReduction("ReduceMin"),
  Any: booleanReduction("ReduceMax"),
  ArgMax: argReduction("ArgMax"),
  ArgMin: argReduction("ArgMin"),
  Cumprod: cumprod,
  Cumsum: cumsum,
  Max: ({ g }, { x }: { x: Value }, { reductionIndices, keepDims }) =>
    extreme(g, "ReduceMax", x, normalizeAxes(reductionIndices, x.shape.length), keepDims),
  Mean: mean,
  Min: ({ g }, { x }: { x: Value }, { axis, keepDims }) =>
    extreme(g, "ReduceMin", x, normalizeAxes(axis, x.shape.length), keepDims),
  Prod: reduction("ReduceProd"),
  Softmax: softmax,
  Sum: ({ g }, { x }: { x: Value }, attrs: Reduction) => {
    const axes = normalizeAxes(attrs.axis, x.shape.length);
    if (sizeOf(x.shape) > 0) return g.reduce("ReduceSum", asNumber(g, x), axes, attrs.keepDims);
    return g.fill(
      0,
      asNumber(g, x).dtype,
      x.shape.filter((_, i) => !axes.includes(i)),
    );
  },
};
