/** G = X^T X, the upper triangle, for sums of squares and products of features. */

import { gemmAlone, PACKING_BYTES, setPacking, UPPER } from "./gemm.ts";
import { CONTROL_BYTES } from "./parallel.ts";
import { rowBytes } from "./trace-of-root.ts";

const X_AT: usize = CONTROL_BYTES + PACKING_BYTES;

/** Bytes needed for `rows` rows of `d` numbers; X starts at `gramRowsAt()`, G right behind it. */
export function gramBytes(d: usize, rows: usize): f64 {
  return <f64>X_AT + (<f64>rows + <f64>d) * <f64>rowBytes(d);
}

export function gramRowsAt(): usize {
  return X_AT;
}

/** Needs no other thread. */
export function gram(d: usize, rows: usize): void {
  setPacking(CONTROL_BYTES);
  const row = rowBytes(d);
  const g = X_AT + rows * row;
  memory.fill(g, 0, d * row);
  gemmAlone(UPPER, d, d, rows, 1, X_AT, 8, row, X_AT, row, 8, g, row);
}
