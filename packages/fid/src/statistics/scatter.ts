/** Scatter matrices, sum of (x - mean)(x - mean)^T, that grow by blocks of vectors and can be combined (Chan, Golub and LeVeque, 1979). */

import { addGram } from "../linear-algebra/index.ts";

export interface Scatter {
  n: number;
  /** `[dims]` */
  mean: Float64Array;
  /** `[dims, dims]`, the upper triangle; empty as long as n is 0. */
  products: Float64Array;
}

export function emptyScatter(dims: number): Scatter {
  return { n: 0, mean: new Float64Array(dims), products: new Float64Array(0) };
}

/** Adds the first `count` vectors of `rows`, in place. */
export function absorb(scatter: Scatter, rows: Float64Array, count: number): void {
  const dims = scatter.mean.length;
  if (scatter.n === 0) scatter.products = new Float64Array(dims * dims);
  const blockMean = meanOf(rows, dims, count);
  const total = scatter.n + count;
  const between = Math.sqrt((scatter.n / total) * count);
  // The distance of the two means counts as one vector more.
  addGram(scatter.products, dims, count + 1, (row) => {
    for (let i = 0; i < count; i++) {
      const x = row(i);
      for (let j = 0; j < dims; j++) x[j] = rows[i * dims + j]! - blockMean[j]!;
    }
    const x = row(count);
    for (let j = 0; j < dims; j++) x[j] = between * (blockMean[j]! - scatter.mean[j]!);
  });
  moveMean(scatter.mean, blockMean, count / total);
  scatter.n = total;
}

/** The scatter of both sets of vectors together; `a` and `b` stay as they are. */
export function combine(a: Scatter, b: Scatter): Scatter {
  const [large, small] = a.n >= b.n ? [a, b] : [b, a];
  const sum = { n: a.n + b.n, mean: large.mean.slice(), products: large.products.slice() };
  if (small.n === 0) return sum;
  const dims = sum.mean.length;
  const weight = (a.n / sum.n) * b.n;
  for (let i = 0; i < dims; i++) {
    const di = weight * (large.mean[i]! - small.mean[i]!);
    for (let j = i; j < dims; j++) {
      const at = i * dims + j;
      sum.products[at]! += small.products[at]! + di * (large.mean[j]! - small.mean[j]!);
    }
  }
  moveMean(sum.mean, small.mean, small.n / sum.n);
  return sum;
}

function moveMean(mean: Float64Array, towards: Float64Array, share: number): void {
  for (let j = 0; j < mean.length; j++) mean[j]! += (towards[j]! - mean[j]!) * share;
}

/** `[dims]`, corrected once by the mean of what it leaves, so that it is right to the last digit or two. */
export function meanOf(rows: Float64Array, dims: number, count: number): Float64Array {
  const mean = new Float64Array(dims);
  for (let pass = 0; pass < 2; pass++) {
    const rest = new Float64Array(dims);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < dims; j++) rest[j]! += rows[i * dims + j]! - mean[j]!;
    }
    for (let j = 0; j < dims; j++) mean[j]! += rest[j]! / count;
  }
  return mean;
}
