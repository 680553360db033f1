/** The covariance of statistics that hold features. */

import { addGram } from "../linear-algebra/index.ts";
import type { Statistics } from "./statistics.ts";
import { compensatedSum } from "./sum.ts";

/** `[dims, dims]`, symmetric to the bit. */
export function covarianceOf({ dims, spread }: Statistics): Float64Array {
  if (spread.kind === "covariance") return spread.covariance;
  const { n, centred } = spread;
  const scatter = new Float64Array(dims * dims);
  addGram(scatter, dims, n, (row) => {
    for (let i = 0; i < n; i++) row(i).set(centred.subarray(i * dims, (i + 1) * dims));
  });
  return fromScatter(scatter, dims, n);
}

/** Divides the upper triangle of a scatter matrix by n - 1 and mirrors it, in place. */
export function fromScatter(scatter: Float64Array, dims: number, n: number): Float64Array {
  for (let i = 0; i < dims; i++) {
    for (let j = i; j < dims; j++) {
      const value = scatter[i * dims + j]! / (n - 1);
      scatter[i * dims + j] = value;
      scatter[j * dims + i] = value;
    }
  }
  return scatter;
}

/** tr(S), the sum of all features' variances. */
export function totalVariance({ dims, spread }: Statistics): number {
  if (spread.kind === "covariance") {
    const { covariance } = spread;
    return compensatedSum(dims, (i) => covariance[i * (dims + 1)]!);
  }
  const { n, centred } = spread;
  return compensatedSum(centred.length, (i) => centred[i]! ** 2) / (n - 1);
}
