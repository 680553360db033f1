/**
 * A banded matrix to a bidiagonal one with the same singular values (second stage): each sweep makes one row bidiagonal and
 * chases the bulge that this raises out at the end, a block of rows and columns at a time (Haidar, Ltaief and Dongarra, 2012).
 *
 * U is upper banded with b = BANDWIDTH super-diagonals. Bulges reach b - 1 below and 2 b - 1 above the diagonal, so a row is
 * stored as columns i - b + 1 ... i + 2 b - 1; with a row stride one shorter than that, ordinary matrix addressing applies.
 */

import { BANDWIDTH } from "./band.ts";
import { reflector } from "./reflectors.ts";
import { axpy, dot } from "./vector.ts";

const WIDTH: usize = 3 * BANDWIDTH;
const ROW: usize = (WIDTH - 1) * 8;

/** Room for the band of a p x p matrix, a reflector and a column. */
export function bulgeWorkBytes(p: usize): usize {
  return (p * WIDTH + 2 * BANDWIDTH) * 8;
}

/** Copies the lower band of A (p x p) and makes it bidiagonal, on the calling thread: p numbers to `d` and p - 1 to `e`. */
export function toBidiagonal(a: usize, aRow: usize, p: usize, work: usize, d: usize, e: usize): void {
  // U = A^T, so that U[i][j] = A[j][i].
  const u = work + (BANDWIDTH - 1) * 8;
  const v = work + p * WIDTH * 8;
  memory.fill(work, 0, p * WIDTH * 8);
  for (let i: usize = 0; i < p; i++) {
    for (let j = i; j <= min(i + BANDWIDTH, p - 1); j++) {
      store<f64>(u + i * ROW + j * 8, load<f64>(a + j * aRow + i * 8));
    }
  }
  for (let s: usize = 0; s + 1 < p; s++) {
    let row = s;
    for (let from = s + 1; from < p; row = from, from += BANDWIDTH) chase(u, p, row, from, v);
  }
  for (let i: usize = 0; i < p; i++) {
    store<f64>(d + i * 8, load<f64>(u + i * ROW + i * 8));
    if (i + 1 < p) store<f64>(e + i * 8, load<f64>(u + i * ROW + (i + 1) * 8));
  }
}

/** Row `row` keeps only its first entry among columns from ... from + b, then column `from` only its first among those rows. */
function chase(u: usize, p: usize, row: usize, from: usize, v: usize): void {
  const n = min(BANDWIDTH, p - from);
  if (n === 1) return;
  const x = u + row * ROW + from * 8;
  const rightTau = reflector(x, v, n);
  memory.fill(x + 8, 0, (n - 1) * 8);
  if (rightTau !== 0) {
    for (let i = row + 1; i < from + n; i++) {
      const r = u + i * ROW + from * 8;
      axpy(-rightTau * dot(r, v, n), v, r, n);
    }
  }
  const corner = u + from * ROW + from * 8;
  const tau = columnReflector(corner, v + BANDWIDTH * 8, v, n);
  if (tau !== 0) reflectRows(corner + 8, n, min<usize>(2 * BANDWIDTH - 1, p - from - 1), v, tau);
}

/** As `reflector`, of the column of n numbers at `x`; `copy` is room for it. */
function columnReflector(x: usize, copy: usize, v: usize, n: usize): f64 {
  for (let i: usize = 0; i < n; i++) {
    store<f64>(copy + i * 8, load<f64>(x + i * ROW));
    store<f64>(x + i * ROW, 0);
  }
  const tau = reflector(copy, v, n);
  store<f64>(x, load<f64>(copy));
  return tau;
}

/** A -= tau v (v^T A) for `n` rows and `columns` columns, eight columns at a time so that v^T A stays in registers. */
function reflectRows(a: usize, n: usize, columns: usize, v: usize, tau: f64): void {
  let j: usize = 0;
  for (; j + 8 <= columns; j += 8, a += 64) {
    const end = a + n * ROW;
    let w0 = f64x2.splat(0);
    let w1 = f64x2.splat(0);
    let w2 = f64x2.splat(0);
    let w3 = f64x2.splat(0);
    for (let r = a, vi = v; r < end; r += ROW, vi += 8) {
      const x = v128.load64_splat(vi);
      w0 = f64x2.add(w0, f64x2.mul(x, v128.load(r)));
      w1 = f64x2.add(w1, f64x2.mul(x, v128.load(r, 16)));
      w2 = f64x2.add(w2, f64x2.mul(x, v128.load(r, 32)));
      w3 = f64x2.add(w3, f64x2.mul(x, v128.load(r, 48)));
    }
    const t = f64x2.splat(-tau);
    w0 = f64x2.mul(t, w0);
    w1 = f64x2.mul(t, w1);
    w2 = f64x2.mul(t, w2);
    w3 = f64x2.mul(t, w3);
    for (let r = a, vi = v; r < end; r += ROW, vi += 8) {
      const x = v128.load64_splat(vi);
      v128.store(r, f64x2.add(v128.load(r), f64x2.mul(x, w0)));
      v128.store(r, f64x2.add(v128.load(r, 16), f64x2.mul(x, w1)), 16);
      v128.store(r, f64x2.add(v128.load(r, 32), f64x2.mul(x, w2)), 32);
      v128.store(r, f64x2.add(v128.load(r, 48), f64x2.mul(x, w3)), 48);
    }
  }
  for (; j < columns; j++, a += 8) {
    let w: f64 = 0;
    for (let i: usize = 0; i < n; i++) w += load<f64>(v + i * 8) * load<f64>(a + i * ROW);
    w *= -tau;
    for (let i: usize = 0; i < n; i++) {
      store<f64>(a + i * ROW, load<f64>(a + i * ROW) + w * load<f64>(v + i * 8));
    }
  }
}
