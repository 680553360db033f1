/** One matrix S into its pivoted Cholesky factor, S = P R^T R P^T, on the calling thread alone. */

import { choleskyWorkBytes, pivotedCholesky } from "./cholesky.ts";
import { PACKING_BYTES, setPacking } from "./gemm.ts";
import { CONTROL_BYTES, join } from "./parallel.ts";
import { rowBytes } from "./trace-of-root.ts";

const S_AT: usize = CONTROL_BYTES + PACKING_BYTES;

/** Bytes needed for a matrix of d x d: S, then the order, then room to work in. */
export function factorBytes(d: usize): f64 {
  return <f64>S_AT + <f64>(d + 1) * <f64>rowBytes(d) + <f64>choleskyWorkBytes(d);
}

export function factorAt(): usize {
  return S_AT;
}

/** i32 x d: column j of R belongs to column order[j] of S. */
export function factorOrderAt(d: usize): usize {
  return S_AT + d * rowBytes(d);
}

/** R in place of S, on and above the diagonal of the first rows; what it lacks of S stays in the rows behind. @returns the rank */
export function factorMatrix(d: usize): usize {
  memory.fill(0, 0, CONTROL_BYTES);
  join(0, 1, 0);
  setPacking(CONTROL_BYTES);
  const order = factorOrderAt(d);
  return pivotedCholesky(S_AT, rowBytes(d), d, order, order + rowBytes(d));
}
