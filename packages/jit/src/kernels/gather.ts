/** Kernels that read at places given by a tensor of indices. */

import type { GraphBuilder } from "../graph/builder.ts";
import { type DType, sizeOf, type Value } from "../graph/types.ts";
import { type KernelTable, type Lowering, normalizeAxis } from "./lowering.ts";

/** 0, 1, ... along `axis` of a shape that is one long elsewhere. */
export function iota(g: GraphBuilder, length: number, step = 1): Value {
  return g.constant(
    Int32Array.from({ length }, (_, i) => i * step),
    "int32",
    [length],
  );
}

/**
 * Output [batch, outer, ...indices, slice] from x [batch, outer, axis, slice] and indices [batch, ...]. With batches,
 * ONNX's Gather is given the positions along all of batch, outer and axis: (b outer + o) dim + index.
 */
const gatherV2: Lowering = (
  { g },
  { x, indices }: { x: Value; indices: Value },
  attrs: { axis: number; batchDims?: number },
) => {
  const axis = normalizeAxis(attrs.axis, x.shape.length);
  const batchDims = normalizeAxis(attrs.batchDims ?? 0, indices.shape.length);
  const picked = indices.shape.slice(batchDims);
  const shape = [...x.shape.slice(0, axis), ...picked, ...x.shape.slice(axis + 1)];
  const ids = g.cast(indices, "int32");
  if (batchDims === 0) return g.op("Gather", [x, ids], { axis }, { dtype: x.dtype, shape });

  const batch = sizeOf(x.shape.slice(0, batchDims));
  const outer = sizeOf(x.shape.slice(batchDims, axis));
  const dim = x.shape[axis]!;
  const inner = x.shape.slice(axis + 1);
  const rows = g.reshape(x, [batch * outer * dim, ...inner]);
  const offsets = g.reshape(iota(g, batch * outer, dim), [batch, outer, 1]);
  const places = g.add(g.reshape(ids, [batch, 1, sizeOf(picked)]), offsets);
  const gathered = g.op(
    "Gather",
    [rows, places],
    { axis: 0 },
    { dtype: x.dtype, shape: [...places.shape, ...inner] },
  );
  return g.reshape(gathered, shape);
};

const gatherNd: Lowering = ({ g }, { params, indices }: { params: Value; indices: Value }) => {
  const depth = indices.shape.at(-1)!;
  const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
  if (sizeOf(shape) === 0) return g.fill(0, params.dtype, shape);
  return g.op("GatherND", [params, g.cast(indices, "int64")], {}, { dtype: params.dtype, shape });
};

/** A comparison with 0 .. depth - 1: unlike ONNX's OneHot it leaves a negative index without a one, as tfjs does. */
const oneHot: Lowering = (
  { g },
  { indices }: { indices: Value },
  { depth, onValue, offValue, dtype }: { depth: number; onValue: number; offValue: number; dtype: DType },
) => {
  const column = g.reshape(g.cast(indices, "int32"), [...indices.shape, 1]);
  const hot = g.elementwise("Equal", [column, iota(g, depth)], "bool");
  if (onValue === 1 && offValue === 0) return g.cast(hot, dtype);
  // Whatever is not zero is true.
  const element = (x: number): Value => g.fill(dtype === "bool" ? Number(x !== 0) : x, dtype);
  return g.where(hot, element(onValue), element(offValue));
};

/** A matrix (of tensors) with x on its diagonal and zeros elsewhere. */
const diag: Lowering = ({ g }, { x }: { x: Value }) => {
  const n = sizeOf(x.shape);
  const onDiagonal = g.elementwise("Equal", [g.reshape(iota(g, n), [n, 1]), iota(g, n)], "bool");
  const matrix = g.where(onDiagonal, g.reshape(x, [1, n]), g.fill(0, x.dtype));
  return g.reshape(matrix, [...x.shape, ...x.shape]);
};

/** The shape to which two shapes (given as tensors) broadcast: where one dimension is 1, the other. */
const broadcastArgs: Lowering = ({ g }, { s0, s1 }: { s0: Value; s1: Value }) => {
  const rank = Math.max(s0.shape[0]!, s1.shape[0]!);
  const [a, b] = [s0, s1].map((s) => g.pad(s, [rank - s.shape[0]!], [0], 1)) as [Value, Value];
  return g.where(g.elementwise("Equal", [a, g.fill(1, "int32")], "bool"), b, a);
};

export const gatherKernels: KernelTable = {
  BroadcastArgs: broadcastArgs,
  Diag: diag,
  GatherNd: gatherNd,
  GatherV2: gatherV2,
  OneHot: oneHot,
};
