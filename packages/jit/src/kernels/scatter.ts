/** Kernels that write to, or add up at, places given by a tensor of indices. */

import { UnsupportedKernelError } from "../errors.ts";
import type { GraphBuilder } from "../graph/builder.ts";
import { type Shape, sizeOf, type Value } from "../graph/types.ts";
import { asNumber } from "./dtypes.ts";
import { iota } from "./gather.ts";
import type { KernelTable, Lowering } from "./lowering.ts";

/**
 * Up to this many rows are added up by a product with a one-hot matrix. It takes `count` multiply-adds for each element
 * added; ScatterElements adds one at a time, at 100 ns each on the CPU: the two meet at about two thousand rows.
 */
const MAX_ONE_HOT_ROWS = 1024;
/** ... as long as the matrix has at most this many elements (64 MiB). */
const MAX_ONE_HOT_ELEMENTS = 1 << 24;

/**
 * `y[i] = sum of rows[j] over ids[j] = i`, for rows [n, inner], ids [n] and 0 <= i < count; other ids are left out.
 *
 * ScatterND with reduction `add` is not used: ONNX Runtime runs it on several threads without atomic addition, so that
 * of equal indices some are lost (onnxruntime#18048; seen with 1.30 on 20000 rows of 64). ScatterElements is sequential.
 */
function sumRows(g: GraphBuilder, rows: Value, ids: Value, count: number): Value {
  const [n, inner] = rows.shape as [number, number];
  if (n === 0 || count * inner === 0) return g.fill(0, rows.dtype, [count, inner]);
  const isSmall = count <= MAX_ONE_HOT_ROWS && n * count <= MAX_ONE_HOT_ELEMENTS;
  if (isSmall && inner > 1 && rows.dtype === "float32") {
    const hot = g.elementwise("Equal", [g.reshape(ids, [n, 1]), iota(g, count)], "bool");
    return g.gemm(g.cast(hot, "float32"), rows, { transA: true });
  }
  const spare = g.fill(0, rows.dtype, [count + 1, inner]);
  return g.slice(scatterRows(g, spare, inRange(g, ids, count), rows, "add"), [0], [count]);
}

/** The ids from 0 to count - 1 as they are, `count` for all others. */
function inRange(g: GraphBuilder, ids: Value, count: number): Value {
  const limit = g.fill(count, "int32");
  const isNegative = g.elementwise("Less", [ids, g.fill(0, "int32")], "bool");
  return g.elementwise("Min", [g.where(isNegative, limit, ids), limit]);
}

/** `data` [count, inner] with the rows at `ids` [n] replaced by, or increased by, `rows` [n, inner]; the last one wins. */
function scatterRows(
  g: GraphBuilder,
  data: Value,
  ids: Value,
  rows: Value,
  reduction: "none" | "add",
): Value {
  const [n, inner] = rows.shape as [number, number];
  const starts = g.mul(g.reshape(ids, [n, 1]), g.fill(inner, "int32"));
  const places = g.reshape(g.add(starts, iota(g, inner)), [n * inner]);
  const flat = g.reshape(data, [sizeOf(data.shape)]);
  const result = g.op(
    "ScatterElements",
    [flat, places, g.reshape(rows, [n * inner])],
    { axis: 0, reduction },
    flat,
  );
  return g.reshape(result, data.shape);
}

/** tfjs's index tensors [..., depth] into a tensor of this shape, as places in it seen as [count, inner]. */
function rowsOf(g: GraphBuilder, indices: Value, shape: Shape) {
  const depth = indices.shape.length > 1 ? indices.shape.at(-1)! : 1;
  const n = sizeOf(indices.shape) / Math.max(depth, 1);
  const inner = sizeOf(shape.slice(depth));
  const strides = Array.from({ length: depth }, (_, i) => sizeOf(shape.slice(i + 1, depth)));
  const table = g.reshape(g.cast(indices, "int32"), [n, depth]);
  const weighted = g.mul(table, g.constant(Int32Array.from(strides), "int32", [depth]));
  const ids = depth === 0 ? g.fill(0, "int32", [n]) : g.reduce("ReduceSum", weighted, [1]);
  return { n, inner, count: sizeOf(shape.slice(0, depth)), ids };
}

const scatterNd: Lowering = ({ g }, { indices, updates }: Record<string, Value>, { shape }) => {
  const { n, inner, count, ids } = rowsOf(g, indices!, shape);
  const rows = g.reshape(asNumber(g, updates!), [n, inner]);
  return g.cast(g.reshape(sumRows(g, rows, ids, count), shape), updates!.dtype);
};

function overwrite(g: GraphBuilder, tensor: Value, indices: Value, updates: Value): Value {
  const { n, inner, count, ids } = rowsOf(g, indices, tensor.shape);
  if (n * inner === 0) return tensor;
  const rows = updates.shape.length === 0 ? g.expand(updates, [n, inner]) : g.reshape(updates, [n, inner]);
  return g.reshape(scatterRows(g, g.reshape(tensor, [count, inner]), ids, rows, "none"), tensor.shape);
}

const sparseToDense: Lowering = (
  { g },
  { sparseIndices, sparseValues, defaultValue }: Record<string, Value>,
  { outputShape },
) => {
  const empty = g.expand(g.reshape(g.cast(defaultValue!, sparseValues!.dtype), []), outputShape);
  return overwrite(g, empty, sparseIndices!, sparseValues!);
};

const tensorScatterUpdate: Lowering = ({ g }, { tensor, indices, updates }: Record<string, Value>) =>
  overwrite(g, tensor!, indices!, updates!);

/** tfjs multiplies by a float32 mask, so the result is float32 whatever x is. */
const unsortedSegmentSum: Lowering = ({ g }, { x, segmentIds }: Record<string, Value>, { numSegments }) => {
  if (segmentIds!.shape.length !== 1)
    throw new UnsupportedKernelError("UnsortedSegmentSum", "segmentIds must have rank 1");
  const [n, ...rest] = x!.shape as [number, ...number[]];
  const rows = g.reshape(g.cast(x!, "float32"), [n, sizeOf(rest)]);
  return g.reshape(sumRows(g, rows, g.cast(segmentIds!, "int32"), numSegments), [numSegments, ...rest]);
};

/** The number (or the sum of the weights) of elements of each row of x [rows, columns] that equal 0 .. size - 1. */
function count(g: GraphBuilder, x: Value, weights: Value, size: number): Value {
  const [rows, columns] = x.shape as [number, number];
  const isWeighted = sizeOf(weights.shape) > 0;
  const amounts = isWeighted ? asNumber(g, weights) : g.fill(1, asNumber(g, weights).dtype, x.shape);
  // One more bin for each row takes what is out of range.
  const bins = g.add(inRange(g, x, size), g.reshape(iota(g, rows, size + 1), [rows, 1]));
  const total = rows * columns;
  const sums = sumRows(g, g.reshape(amounts, [total, 1]), g.reshape(bins, [total]), rows * (size + 1));
  return g.slice(g.reshape(sums, [rows, size + 1]), [0], [size], [1]);
}

const bincount: Lowering = ({ g }, { x, weights }: Record<string, Value>, { size }) =>
  g.reshape(count(g, g.reshape(x!, [1, sizeOf(x!.shape)]), weights!, size), [size]);

const denseBincount: Lowering = (context, { x, weights }: Record<string, Value>, attrs) => {
  const { g } = context;
  // tfjs's cpu backend ignores binaryOutput here.
  if (x!.shape.length === 1) return bincount(context, { x, weights }, attrs);
  if (!attrs.binaryOutput) return count(g, x!, weights!, attrs.size);
  const found = count(g, x!, g.fill(0, "int32", [0]), attrs.size);
  const present = g.elementwise("Greater", [found, g.fill(0, "int32")], "bool");
  return g.cast(present, weights!.dtype);
};

export const scatterKernels: KernelTable = {
  Bincount: bincount,
  DenseBincount: denseBincount,
  ScatterNd: scatterNd,
  SparseToDense: sparseToDense,
  TensorScatterUpdate: tensorScatterUpdate,
  UnsortedSegmentSum: unsortedSegmentSum,
};
