/** F with F^T F = S in float32: what a device that computes in float32 should be given in the place of S. */

import { type Kernels, scratchKernels } from "./kernels.ts";
import { type Side, scaleOf } from "./side.ts";

export interface Float32Factor {
  /** The rank of S as factored; of a side that came as a factor, its rows. At least 1: of a matrix of zeros one row of zeros. */
  rows: number;
  /** F / 2^exponent, `[rows, dims]`; magnitudes up to 1. */
  values: Float32Array;
  exponent: number;
  /** Frobenius norm of S - F^T F in float64; 0 for a side that came as a factor. */
  leftOut: number;
}

/**
 * F of a matrix is its pivoted Cholesky factor, computed in float64 and then rounded: S itself in float32 would no longer tell
 * variances below 2^-24 of the largest from rounding errors, F still has those down to 2^-48.
 *
 * @throws MatrixTooLargeError
 */
export function float32Factor(side: Side, dims: number): Float32Factor {
  const { exponent, scale } = scaleOf(side, dims);
  if (side.kind === "factor") {
    const values = Float32Array.from(side.values, (x) => x * scale);
    return { rows: side.rows, values, exponent, leftOut: 0 };
  }
  const what = `Frechet distance of ${dims} features`;
  const { kernels: k } = scratchKernels(0, what);
  const { memory, kernels } = scratchKernels(k.factorBytes(dims), what);
  const row = (i: number) => rowAt(memory.buffer, kernels, dims, i);
  for (let i = 0; i < dims; i++) {
    const to = row(i);
    for (let j = 0; j < dims; j++) to[j] = side.values[i * dims + j]! * scale;
  }
  const rank = kernels.factorMatrix(dims);
  const rows = Math.max(rank, 1);
  const order = new Int32Array(memory.buffer, kernels.factorOrderAt(dims), dims);
  const values = new Float32Array(rows * dims);
  for (let i = 0; i < rank; i++) {
    const from = row(i);
    for (let j = i; j < dims; j++) values[i * dims + order[j]!] = from[j]!;
  }
  return { rows, values, exponent, leftOut: 4 ** exponent * remainder(row, rank, dims) };
}

/** Frobenius norm of the symmetric matrix whose upper triangle is left in the rows behind the rank. */
function remainder(row: (i: number) => Float64Array, rank: number, dims: number): number {
  let sum = 0;
  for (let i = rank; i < dims; i++) {
    const from = row(i);
    for (let j = i; j < dims; j++) sum += (i === j ? 1 : 2) * from[j]! ** 2;
  }
  return Math.sqrt(sum);
}

function rowAt(buffer: SharedArrayBuffer, kernels: Kernels, dims: number, i: number): Float64Array {
  return new Float64Array(buffer, kernels.factorAt() + i * kernels.rowBytes(dims), dims);
}
