/**
 * A dense matrix to a banded one with the same singular values, by blocks of reflectors from both sides in turn: all of the
 * work is matrix products (first stage of the two-stage bidiagonalisation; Grosser and Lang, 1999).
 */

import { FULL, gemm } from "./gemm.ts";
import { barrier, thread } from "./parallel.ts";
import { makeLower } from "./reflectors.ts";

/** Sub-diagonals that stay: wide enough for the products to run at full speed, narrow enough for the second stage. */
export const BANDWIDTH: usize = 24;

/** Room for V, Y, W and a transposed panel, each BANDWIDTH x q, and for `makeLower`. */
export function bandWorkBytes(q: usize): usize {
  return 4 * BANDWIDTH * q * 8 + (2 * BANDWIDTH * BANDWIDTH + BANDWIDTH) * 8;
}

/** Reduces A (p x q, p <= q) to p x p lower banded form in place; what lies outside the band is left undefined. */
export function toBand(a: usize, aRow: usize, p: usize, q: usize, work: usize): void {
  const panelBytes = BANDWIDTH * q * 8;
  const v = work;
  const y = v + panelBytes;
  const w = y + panelBytes;
  const panel = w + panelBytes;
  const small = panel + panelBytes;
  const vRow = q * 8;

  for (let k: usize = 0; k < p; k += BANDWIDTH) {
    const rows = min(BANDWIDTH, p - k);
    const below = p - k - rows;
    const diagonal = a + k * aRow + k * 8;
    const under = diagonal + rows * aRow;

    // Rows k ... k + rows become lower triangular; the rows below follow: A -= (A V^T) Y.
    const wRow = rows * 8;
    if (thread() === 0) {
      makeLower(diagonal, aRow, rows, q - k, v, y, vRow, small);
      memory.fill(w, 0, below * wRow);
    }
    barrier();
    if (below === 0) return;
    gemm(FULL, below, rows, q - k, 1, under, aRow, 8, v, 8, vRow, w, wRow);
    gemm(FULL, below, q - k, rows, -1, w, wRow, 8, y, vRow, 8, under, aRow);

    // The columns below the diagonal block become upper triangular; the columns right of them follow: A -= Y^T (V A).
    const right = q - k - rows;
    const reflectors = min(rows, below);
    if (thread() === 0) {
      transpose(under, aRow, below, rows, panel, vRow);
      makeLower(panel, vRow, rows, below, v, y, vRow, small);
      for (let j: usize = 0; j < rows; j++) {
        for (let i: usize = 0; i <= min(j, below - 1); i++) {
          store<f64>(under + i * aRow + j * 8, load<f64>(panel + j * vRow + i * 8));
        }
      }
      memory.fill(w, 0, reflectors * vRow);
    }
    barrier();
    gemm(FULL, reflectors, right, below, 1, v, vRow, 8, under + rows * 8, aRow, 8, w, vRow);
    gemm(FULL, below, right, reflectors, -1, y, 8, vRow, w, vRow, 8, under + rows * 8, aRow);
  }
}

function transpose(from: usize, fromRow: usize, rows: usize, columns: usize, to: usize, toRow: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      store<f64>(to + j * toRow + i * 8, load<f64>(from + i * fromRow + j * 8));
    }
  }
}
