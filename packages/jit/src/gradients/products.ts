/** Gradients of products: matrices, einsum, running sums and products. */

import * as tf from "@tensorflow/tfjs";
import { gradient, range, sumTo } from "./gradient.ts";

/**
 * The factor of each element: d y[i] / d x[j] is the product with x[j] replaced by 1, where y[i] has x[j] in it. No
 * division, so zeros do no harm, at the price of n^2 elements.
 */
const cumprod = gradient("Cumprod", ["x"], (dy, [x], { axis, exclusive, reverse }) => ({
  x: () => {
    const [along] = tf.util.parseAxisParam(axis, x!.shape) as [number];
    const last = x!.rank - 1;
    const perm = [...range(x!.rank).filter((i) => i !== along), along];
    const n = x!.shape[along]!;
    const row = tf.expandDims(tf.transpose(x!, perm), -2); // [..., 1, n]
    const dRow = tf.expandDims(tf.transpose(dy, perm), -2);
    const own = tf.eye(n);
    // [..., j, k]: x[k], but 1 for k = j
    const others = tf.add(tf.mul(row, tf.sub(1, own)), own);
    const products = tf.cumprod(others, last + 1, exclusive, reverse); // [..., j, i]
    const includes = tf.tensor2d(
      range(n * n).map((e) => {
        const distance = ((e % n) - Math.floor(e / n)) * (reverse ? -1 : 1);
        return Number(distance >= (exclusive ? 1 : 0));
      }),
      [n, n],
    );
    const dx = tf.sum(tf.mul(dRow, tf.mul(products, includes)), -1); // [..., j]
    return tf.transpose(dx, tf.backend_util.getUndoAxesPermutation(perm));
  },
}));

interface Term {
  tensor: tf.Tensor;
  labels: string[];
}

/** Without the labels that no other term has: they are summed over. */
function reduced({ tensor, labels }: Term, kept: readonly string[]): Term {
  const axes = labels.flatMap((label, i) => (kept.includes(label) ? [] : [i]));
  return {
    tensor: axes.length > 0 ? tf.sum(tensor, axes) : tensor,
    labels: labels.filter((l) => kept.includes(l)),
  };
}

function einsumOf(terms: readonly Term[], out: readonly string[]): tf.Tensor {
  const equation = `${terms.map(({ labels }) => labels.join("")).join()}->${out.join("")}`;
  return tf.einsum(equation, ...terms.map(({ tensor }) => tensor));
}

/** The gradient of one term is the einsum of dy with the other; axes that were summed over alone are repeated. */
function einsumDerivative(dy: Term, x: Term, other: Term | undefined): tf.Tensor {
  const known = [...dy.labels, ...(other?.labels ?? [])];
  const present = x.labels.filter((label) => known.includes(label));
  const small = other
    ? einsumOf([dy, reduced(other, [...dy.labels, ...x.labels])], present)
    : tf.transpose(
        dy.tensor,
        present.map((label) => dy.labels.indexOf(label)),
      );
  const kept = x.tensor.shape.map((dim, i) => (known.includes(x.labels[i]!) ? dim : 1));
  return tf.mul(tf.reshape(small, kept), tf.ones(x.tensor.shape));
}

const einsum = gradient(
  "Einsum",
  [],
  (dy, saved, { equation }: { equation: string }) => {
    const [left, right] = equation.replace(/\s/g, "").split("->") as [string, string];
    const terms = left.split(",").map((term, i) => ({ tensor: saved[i]!, labels: [...term] }));
    const out = { tensor: dy, labels: [...right] };
    return Object.fromEntries(terms.map((term, i) => [i, () => einsumDerivative(out, term, terms[1 - i])]));
  },
  { saveAllInputs: true },
);

export const productGradients: readonly tf.GradConfig[] = [cumprod, einsum];

/** tfjs's does not sum over batch axes that were broadcast. With a' = a or a^T: dA' = dy b'^T and dB' = a'^T dy. */
const batchMatMul = gradient("BatchMatMul", ["a", "b"], (dy, [a, b], { transposeA, transposeB }) => ({
  a: () =>
    sumTo(transposeA ? tf.matMul(b!, dy, transposeB, true) : tf.matMul(dy, b!, false, !transposeB), a!.shape),
  b: () =>
    sumTo(transposeB ? tf.matMul(dy, a!, true, transposeA) : tf.matMul(a!, dy, !transposeA, false), b!.shape),
}));

/** tfjs's leaves the result transposed unless the axis is the last. */
const cumsum = gradient("Cumsum", [], (dy, _, { axis, exclusive, reverse }) => ({
  x: () => tf.cumsum(dy, axis, exclusive, !reverse),
}));

/** tfjs's fails on negative axes, and on several axes that are not in order. */
const prodOfTfjs = tf.getGradient("Prod");
const prod = gradient("Prod", ["x"], (dy, saved, attrs) => {
  const axis = tf.util
    .parseAxisParam(attrs.axis ?? range(saved[0]!.rank), saved[0]!.shape)
    .sort((p, q) => p - q);
  return prodOfTfjs.gradFunc(dy, saved, { ...attrs, axis }) as Record<string, () => tf.Tensor>;
});

export const productReplacements: readonly tf.GradConfig[] = [batchMatMul, cumsum, prod];
