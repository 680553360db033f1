/**
 * S = P R^T R P^T with R upper trapezoidal: Cholesky with complete pivoting, which also factors singular matrices
 * (Hammarling, Higham and Lucas, "LAPACK-style codes for pivoted Cholesky and QR updating", 2007).
 */

import { gemm, UPPER } from "./gemm.ts";
import { barrier, thread } from "./parallel.ts";
import { axpy, ROUNDING, scale, swap } from "./vector.ts";

const PANEL: usize = 32;
/**
 * In a positive semi-definite remainder nothing exceeds the largest diagonal entry. Where something does by this factor the
 * remainder is noise (a matrix stored in float32, say) and to go on would amplify it.
 */
const CREDIBLE: f64 = 2;

/** Room for the sums of squares and the rank. */
export function choleskyWorkBytes(d: usize): usize {
  return (d + 2) * 8;
}

/**
 * Factors the d x d matrix in place (only its upper triangle is read); rows from the rank on are left as the remainder.
 *
 * @param order i32 x d: column j of R belongs to column order[j] of S
 * @returns the rank, the same on every thread
 */
export function pivotedCholesky(s: usize, sRow: usize, d: usize, order: usize, work: usize): usize {
  const squares = work;
  const rankAt = work + d * 8;
  let tolerance: f64 = 0;
  if (thread() === 0) {
    for (let i: usize = 0; i < d; i++) {
      store<i32>(order + i * 4, i);
      tolerance = max(tolerance, load<f64>(s + i * (sRow + 8)));
    }
    tolerance *= ROUNDING * <f64>d;
  }
  for (let k: usize = 0; k < d; k += PANEL) {
    const end = min(k + PANEL, d);
    if (thread() === 0) {
      memory.fill(squares + k * 8, 0, (d - k) * 8);
      let j = k;
      while (j < end && pivot(s, sRow, d, k, j, order, squares, tolerance)) j++;
      store<i32>(rankAt, j);
    }
    barrier();
    const reached: usize = load<i32>(rankAt);
    const rest = d - reached;
    gemm(
      UPPER,
      rest,
      rest,
      reached - k,
      -1,
      s + k * sRow + reached * 8,
      8,
      sRow,
      s + k * sRow + reached * 8,
      sRow,
      8,
      s + reached * (sRow + 8),
      sRow,
    );
    if (reached < end) return reached;
  }
  return d;
}

/** Brings the largest remaining diagonal entry to place j and computes row j of R; false when nothing credible is left. */
function pivot(
  s: usize,
  sRow: usize,
  d: usize,
  k: usize,
  j: usize,
  order: usize,
  squares: usize,
  tolerance: f64,
): bool {
  let best = j;
  let most: f64 = -1;
  const above = s + (j - 1) * sRow;
  for (let i = j; i < d; i++) {
    if (j > k) {
      const r = load<f64>(above + i * 8);
      store<f64>(squares + i * 8, load<f64>(squares + i * 8) + r * r);
    }
    const left = load<f64>(s + i * (sRow + 8)) - load<f64>(squares + i * 8);
    if (left > most) {
      most = left;
      best = i;
    }
  }
  if (most <= tolerance) return false;
  if (best !== j) exchange(s, sRow, d, j, best, order, squares);
  const row = s + j * (sRow + 8);
  const root = Math.sqrt(most);
  const before = load<f64>(row);
  subtractRows(-1, s, sRow, d, k, j);
  if (largest(row + 8, d - j - 1) > CREDIBLE * most) {
    subtractRows(1, s, sRow, d, k, j);
    store<f64>(row, before);
    return false;
  }
  store<f64>(row, root);
  scale(1 / root, row + 8, d - j - 1);
  return true;
}

/** S[j][j+1:] += sign R[t][j] R[t][j+1:] for the rows t = k ... j - 1 of the panel. */
function subtractRows(sign: f64, s: usize, sRow: usize, d: usize, k: usize, j: usize): void {
  for (let t = k; t < j; t++) {
    const rt = s + t * sRow + j * 8;
    axpy(sign * load<f64>(rt), rt + 8, s + j * (sRow + 8) + 8, d - j - 1);
  }
}

function largest(x: usize, n: usize): f64 {
  let most: f64 = 0;
  for (const end = x + (n << 3); x < end; x += 8) most = max(most, Math.abs(load<f64>(x)));
  return most;
}

/** Exchanges rows and columns j < p of the symmetric remainder, and columns j and p of the rows of R above it. */
function exchange(s: usize, sRow: usize, d: usize, j: usize, p: usize, order: usize, squares: usize): void {
  for (let t: usize = 0; t < j; t++) swap(s + t * sRow + j * 8, s + t * sRow + p * 8);
  swap(s + j * (sRow + 8), s + p * (sRow + 8));
  for (let t = j + 1; t < p; t++) swap(s + j * sRow + t * 8, s + t * sRow + p * 8);
  for (let t = p + 1; t < d; t++) swap(s + j * sRow + t * 8, s + p * sRow + t * 8);
  swap(squares + j * 8, squares + p * 8);
  const o = load<i32>(order + j * 4);
  store<i32>(order + j * 4, load<i32>(order + p * 4));
  store<i32>(order + p * 4, o);
}
