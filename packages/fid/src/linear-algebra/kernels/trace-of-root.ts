/**
 * tr((S1 S2)^(1/2)) = the sum of the singular values of F1 F2^T, where S = F^T F. A side comes as F itself (rows x d) or as S
 * (d x d), which is then factored. No square root of a matrix is ever formed.
 *
 * Every thread calls `plan` with the same numbers, and then `run`.
 */

import { bandWorkBytes, toBand } from "./band.ts";
import { diagonalize } from "./bidiagonal.ts";
import { bulgeWorkBytes, toBidiagonal } from "./bulge.ts";
import { choleskyWorkBytes, pivotedCholesky } from "./cholesky.ts";
import { FULL, gemm, LOWER_B, PACKING_BYTES, setPacking, UPPER_A } from "./gemm.ts";
import { barrier, CONTROL_BYTES, join, nextTask, thread } from "./parallel.ts";

/** Six numbers, see `resultsAt`; the last two begin here. */
const RESULT_BYTES: usize = 64;
const LEFT_OUT_1: usize = 32;
const LEFT_OUT_2: usize = 40;

let d: usize = 0;
let row: usize = 0;
let rows1: usize = 0;
let rows2: usize = 0;
let factored1 = true;
let factored2 = true;
let team: usize = 1;

let results: usize = 0;
let packing: usize = 0;
let side1: usize = 0;
let side2: usize = 0;
let order1: usize = 0;
let order2: usize = 0;
let product: usize = 0;
let diagonal: usize = 0;
let work: usize = 0;

/** Bytes from one row to the next: whole cache lines, an odd number of them for widths that are powers of two. */
export function rowBytes(width: usize): usize {
  return (((width + 7) & ~7) + 8) * 8;
}

/**
 * Lays out the memory.
 *
 * @param r1 rows of F1, or 0 where side 1 is the matrix S1; the same for `r2`. A side 2 that is a matrix needs a side 1 that is one.
 * @returns how many bytes are needed
 */
export function plan(width: usize, r1: usize, r2: usize, threads: usize): f64 {
  d = width;
  row = rowBytes(d);
  factored1 = r1 > 0;
  factored2 = r2 > 0;
  rows1 = factored1 ? r1 : d;
  rows2 = factored2 ? r2 : d;
  team = threads;
  // In f64, which does not wrap around where a problem exceeds the address space.
  let end: f64 = CONTROL_BYTES;
  results = <usize>end;
  end += RESULT_BYTES;
  packing = <usize>end;
  end += <f64>threads * <f64>max(PACKING_BYTES, row);
  side1 = <usize>end;
  end += <f64>rows1 * <f64>row;
  side2 = <usize>end;
  end += <f64>rows2 * <f64>row;
  order1 = <usize>end;
  order2 = order1 + row;
  end += 2 * <f64>row;
  const p = min(rows1, rows2);
  const q = max(rows1, rows2);
  product = <usize>end;
  end += <f64>p * <f64>rowBytes(q);
  diagonal = <usize>end;
  end += 2 * <f64>rowBytes(p);
  work = <usize>end;
  end += <f64>max(max(bandWorkBytes(q), bulgeWorkBytes(p)), choleskyWorkBytes(d));
  return end;
}

/** Where side 1 is expected, rows of `rowBytes(width)`. */
export function side1At(): usize {
  return side1;
}

export function side2At(): usize {
  return side2;
}

/** [sum of singular values, what it dropped, rank 1, rank 2, Frobenius norm of what the factor of S1 left out, of S2] as f64. */
export function resultsAt(): usize {
  return results;
}

/** The computation of thread `me`; the results are there when all threads have returned. */
export function run(me: usize): void {
  join(me, team, 0);
  setPacking(packing + me * max(PACKING_BYTES, row));
  if (me === 0) memory.fill(results, 0, RESULT_BYTES);
  let r1 = rows1;
  let r2 = rows2;
  if (!factored1) r1 = factor(side1, order1, LEFT_OUT_1);
  if (!factored2) r2 = factor(side2, order2, LEFT_OUT_2);
  if (!factored1) gatherColumns(r2);

  const p = min(r1, r2);
  const q = max(r1, r2);
  const qRow = rowBytes(q);
  const e = diagonal + rowBytes(p);
  for (let i = nextTask(); i < p; i = nextTask()) memory.fill(product + i * qRow, 0, qRow);
  barrier();
  if (r1 <= r2) {
    gemm(factored1 ? FULL : UPPER_A, r1, r2, d, 1, side1, row, 8, side2, 8, row, product, qRow);
  } else {
    gemm(factored1 ? FULL : LOWER_B, r2, r1, d, 1, side2, row, 8, side1, 8, row, product, qRow);
  }
  toBand(product, qRow, p, q, work);
  if (me !== 0) return;
  toBidiagonal(product, qRow, p, work, diagonal, e);
  const dropped = diagonalize(diagonal, e, p);
  store<f64>(results, sumOfMagnitudes(diagonal, p));
  store<f64>(results, dropped, 8);
  store<f64>(results, <f64>r1, 16);
  store<f64>(results, <f64>r2, 24);
}

/** S to R in place, with zeros below R's diagonal; writes the norm of what R^T R lacks of S; returns the rank. */
function factor(s: usize, order: usize, remainderAt: usize): usize {
  const rank = pivotedCholesky(s, row, d, order, work);
  if (thread() === 0) store<f64>(results + remainderAt, frobeniusOfUpper(s + rank * (row + 8), d - rank));
  for (let i = nextTask(); i < rank; i = nextTask()) memory.fill(s + i * row, 0, i * 8);
  barrier();
  return rank;
}

function frobeniusOfUpper(s: usize, n: usize): f64 {
  let sum: f64 = 0;
  for (let i: usize = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const x = load<f64>(s + i * row + j * 8);
      sum += i === j ? x * x : 2 * x * x;
    }
  }
  return Math.sqrt(sum);
}

/** Brings the columns of side 2 into the order of side 1's. */
function gatherColumns(r2: usize): void {
  // place[c] = which column of R2 belongs to column c of S2
  const place = work;
  if (thread() === 0) {
    for (let j: usize = 0; j < d; j++) {
      const column = factored2 ? j : <usize>load<i32>(order2 + j * 4);
      store<i32>(place + column * 4, <i32>j);
    }
  }
  barrier();
  const copy = packing + thread() * max(PACKING_BYTES, row);
  for (let i = nextTask(); i < r2; i = nextTask()) {
    const at = side2 + i * row;
    memory.copy(copy, at, d * 8);
    for (let j: usize = 0; j < d; j++) {
      const column: usize = load<i32>(order1 + j * 4);
      store<f64>(at + j * 8, load<f64>(copy + <usize>load<i32>(place + column * 4) * 8));
    }
  }
  barrier();
}

/** With compensation (Neumaier, 1974). */
function sumOfMagnitudes(x: usize, n: usize): f64 {
  let sum: f64 = 0;
  let lost: f64 = 0;
  for (let i: usize = 0; i < n; i++) {
    const term = Math.abs(load<f64>(x + i * 8));
    const next = sum + term;
    lost += sum >= term ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}
