/** Sums of products of features: G += X^T X. */

import { type Kernels, scratchKernels } from "./kernels.ts";

/**
 * Adds X^T X to the upper triangle of `g`, `[dims, dims]`.
 *
 * @param fill called with a function that says where row i of X, `[dims]`, is to be written
 */
export function addGram(
  g: Float64Array,
  dims: number,
  rows: number,
  fill: (row: (i: number) => Float64Array) => void,
): void {
  const what = `Covariance of ${dims} features`;
  const { kernels: k } = scratchKernels(0, what);
  const { memory, kernels } = scratchKernels(k.gramBytes(dims, rows), what);
  fill((i) => rowAt(memory.buffer, kernels, dims, i));
  kernels.gram(dims, rows);
  for (let i = 0; i < dims; i++) {
    const sums = rowAt(memory.buffer, kernels, dims, rows + i);
    for (let j = i; j < dims; j++) g[i * dims + j]! += sums[j]!;
  }
}

/** X's rows, and behind them those of its Gram matrix. */
function rowAt(buffer: SharedArrayBuffer, kernels: Kernels, dims: number, i: number): Float64Array {
  return new Float64Array(buffer, kernels.gramRowsAt() + i * kernels.rowBytes(dims), dims);
}
