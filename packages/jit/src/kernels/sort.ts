/** Kernels that put elements in order. */

import { sizeOf, type Value } from "../graph/types.ts";
import { asNumber } from "./dtypes.ts";
import type { KernelTable, Lowering } from "./lowering.ts";

/**
 * The k largest elements of the last axis and their positions; of equal elements the one further left comes first, in
 * ONNX as in tfjs. With `sorted: false` tfjs promises no order, and here they are sorted all the same.
 */
const topK: Lowering = ({ g }, { x }: { x: Value }, { k }: { k: number }) => {
  const shape = [...x.shape.slice(0, -1), k];
  if (sizeOf(shape) === 0) return [g.fill(0, x.dtype, shape), g.fill(0, "int32", shape)];
  const ordered = asNumber(g, x);
  const [values, indices] = g.ops("TopK", [ordered, g.ints([k])], { axis: -1, largest: 1, sorted: 1 }, [
    { dtype: ordered.dtype, shape },
    { dtype: "int64", shape },
  ]);
  return [g.cast(values!, x.dtype), g.cast(indices!, "int32")];
};

/**
 * Where each value would be inserted into its row's sorted sequence: the number of elements less than it (on the left
 * side of its equals) or not greater (on the right).
 */
const searchSorted: Lowering = (
  { g },
  { sortedSequence, values }: { sortedSequence: Value; values: Value },
  { side }: { side: "left" | "right" },
) => {
  const [batch, length] = sortedSequence.shape as [number, number];
  const count = values.shape[1]!;
  if (batch * length * count === 0) return g.fill(0, "int32", values.shape);
  const dtype = sortedSequence.dtype === "int32" && values.dtype === "int32" ? "int32" : "float32";
  const sequence = g.reshape(g.cast(sortedSequence, dtype), [batch, 1, length]);
  const wanted = g.reshape(g.cast(values, dtype), [batch, count, 1]);
  const before = g.elementwise(side === "left" ? "Less" : "LessOrEqual", [sequence, wanted], "bool");
  return g.reduce("ReduceSum", g.cast(before, "int32"), [2]);
};

export const sortKernels: KernelTable = { SearchSorted: searchSorted, TopK: topK };
