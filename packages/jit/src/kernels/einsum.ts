/** Einstein summation of one or two tensors as a matrix product. */

import type { GraphBuilder } from "../graph/builder.ts";
import { sizeOf, type Value } from "../graph/types.ts";
import { asNumber } from "./dtypes.ts";
import type { KernelTable, Lowering } from "./lowering.ts";

interface Labelled {
  value: Value;
  labels: readonly string[];
}

/** Sums over the labels that occur nowhere else. */
function summed(g: GraphBuilder, { value, labels }: Labelled, kept: (label: string) => boolean): Labelled {
  const axes = labels.flatMap((label, i) => (kept(label) ? [] : [i]));
  return { value: g.reduce("ReduceSum", value, axes), labels: labels.filter(kept) };
}

function ordered(g: GraphBuilder, { value, labels }: Labelled, order: readonly string[]): Value {
  return g.transpose(
    value,
    order.map((label) => labels.indexOf(label)),
  );
}

/**
 * With the labels of a and b in four groups - both and the output (batch), only a (rows), only b (columns), both but not
 * the output (contracted) - the result is [batch, rows, contracted] x [batch, contracted, columns].
 */
function contract(g: GraphBuilder, a: Labelled, b: Labelled, out: readonly string[]): Value {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => out.includes(label));
  const contracted = shared.filter((label) => !out.includes(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const sizes = new Map([a, b].flatMap(({ value, labels }) => labels.map((l, i) => [l, value.shape[i]!])));
  const size = (labels: readonly string[]): number[] => labels.map((label) => sizes.get(label)!);
  const matrices = (x: Labelled, ...groups: readonly string[][]): Value =>
    g.reshape(
      ordered(g, x, groups.flat()),
      groups.map((labels) => sizeOf(size(labels))),
    );
  const product = g.matMul(matrices(a, batch, rows, contracted), matrices(b, batch, contracted, columns));
  const labels = [...batch, ...rows, ...columns];
  return ordered(g, { value: g.reshape(product, size(labels)), labels }, out);
}

const einsum: Lowering = ({ g }, inputs: Record<string, Value>, { equation }: { equation: string }) => {
  const [left, right] = equation.replace(/\s/g, "").split("->") as [string, string];
  const out = [...right];
  const terms = left.split(",").map((term, i) => ({ value: asNumber(g, inputs[i]!), labels: [...term] }));
  const [a, b] = terms.map((term, i) =>
    summed(
      g,
      term,
      (label) => out.includes(label) || terms.some((t, j) => j !== i && t.labels.includes(label)),
    ),
  );
  return b ? contract(g, a!, b, out) : ordered(g, a!, out);
};

export const einsumKernels: KernelTable = { Einsum: einsum };
