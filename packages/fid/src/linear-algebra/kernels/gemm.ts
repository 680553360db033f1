/**
 * C += sign A B in f64: blocks packed for the caches, 4 x 4 of C in registers (Goto and van de Geijn, "Anatomy of
 * High-Performance Matrix Multiplication", 2008).
 *
 * Every element of C is a sum in an order that depends on nothing but the shapes: how many threads share the work, or which of
 * them computes a block, changes no bit of it. Strides are in bytes; one of each matrix's two strides must be 8.
 */

import { barrier, nextTask } from "./parallel.ts";

const TILE: usize = 4;
/** A block of C that is one task; DEPTH of the sum at a time: 256 KiB of A and 512 KiB of B packed, which stay in the L2 cache. */
const ROWS: usize = 128;
const COLUMNS: usize = 256;
const DEPTH: usize = 256;

/** What a thread needs for packing: a block of A, a block of B, a tile of C. */
export const PACKING_BYTES: usize = (ROWS + COLUMNS) * DEPTH * 8 + TILE * TILE * 8;

/** Everything is computed. */
export const FULL: i32 = 0;
/** Only the tiles of C that touch its upper triangle are computed. */
export const UPPER: i32 = 1;
/** Row i of A starts at column i: what lies before it is zero. */
export const UPPER_A: i32 = 2;
/** Column j of B starts at row j: what lies above it is zero. */
export const LOWER_B: i32 = 3;

let packedA: usize = 0;
let packedB: usize = 0;
let corner: usize = 0;

export function setPacking(memory: usize): void {
  packedA = memory;
  packedB = packedA + ROWS * DEPTH * 8;
  corner = packedB + COLUMNS * DEPTH * 8;
}

/** C (m x n) += sign A (m x k) B (k x n), shared among all threads; every thread must call it, and it ends in a barrier. */
export function gemm(
  shape: i32,
  m: usize,
  n: usize,
  k: usize,
  sign: f64,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  c: usize,
  cRow: usize,
): void {
  const across = (n + COLUMNS - 1) / COLUMNS;
  const tasks = across * ((m + ROWS - 1) / ROWS);
  for (let t = nextTask(); t < tasks; t = nextTask()) {
    block(
      shape,
      (t / across) * ROWS,
      (t % across) * COLUMNS,
      m,
      n,
      k,
      sign,
      a,
      aRow,
      aColumn,
      b,
      bRow,
      bColumn,
      c,
      cRow,
    );
  }
  barrier();
}

/** The same on the calling thread alone. */
export function gemmAlone(
  shape: i32,
  m: usize,
  n: usize,
  k: usize,
  sign: f64,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  c: usize,
  cRow: usize,
): void {
  for (let i: usize = 0; i < m; i += ROWS) {
    for (let j: usize = 0; j < n; j += COLUMNS) {
      block(shape, i, j, m, n, k, sign, a, aRow, aColumn, b, bRow, bColumn, c, cRow);
    }
  }
}

function block(
  shape: i32,
  i0: usize,
  j0: usize,
  m: usize,
  n: usize,
  k: usize,
  sign: f64,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  c: usize,
  cRow: usize,
): void {
  const rows = min(ROWS, m - i0);
  const columns = min(COLUMNS, n - j0);
  if (shape === UPPER && i0 >= j0 + columns) return;
  const start = shape === UPPER_A ? i0 : shape === LOWER_B ? j0 : 0;
  for (let p = start; p < k; p += DEPTH) {
    const depth = min(DEPTH, k - p);
    pack(packedB, b + p * bRow + j0 * bColumn, bColumn, bRow, columns, depth, 1);
    pack(packedA, a + i0 * aRow + p * aColumn, aRow, aColumn, rows, depth, sign);
    for (let j: usize = 0; j < columns; j += TILE) {
      const sliverB = packedB + j * depth * 8;
      const wide = min(TILE, columns - j);
      for (let i: usize = 0; i < rows; i += TILE) {
        if (shape === UPPER && i0 + i >= j0 + j + TILE) break;
        const at = c + (i0 + i) * cRow + (j0 + j) * 8;
        const high = min(TILE, rows - i);
        if (wide === TILE && high === TILE) tile(depth, packedA + i * depth * 8, sliverB, at, cRow);
        else partOfTile(depth, packedA + i * depth * 8, sliverB, at, cRow, high, wide);
      }
    }
  }
}

/** Slivers of 4 (rows of A or columns of B) of a matrix, each as [depth][4]; a last, thinner one is filled up with zeros. */
function pack(
  to: usize,
  from: usize,
  across: usize,
  along: usize,
  count: usize,
  depth: usize,
  sign: f64,
): void {
  const s = f64x2.splat(sign);
  for (let i: usize = 0; i + TILE <= count; i += TILE, from += TILE * across, to += TILE * depth * 8) {
    if (along === 8) packAlong(to, from, across, depth, s);
    else packAcross(to, from, along, depth, s);
  }
  const left = count % TILE;
  if (left === 0) return;
  for (let p: usize = 0; p < depth; p++, from += along) {
    for (let i: usize = 0; i < TILE; i++, to += 8)
      store<f64>(to, i < left ? sign * load<f64>(from + i * across) : 0);
  }
}

function packAlong(to: usize, r0: usize, across: usize, depth: usize, sign: v128): void {
  const r1 = r0 + across;
  const r2 = r1 + across;
  const r3 = r2 + across;
  const pairs = depth & ~1;
  const end = pairs << 3;
  for (let p: usize = 0; p < end; p += 16, to += 64) {
    const x0 = f64x2.mul(sign, v128.load(r0 + p));
    const x1 = f64x2.mul(sign, v128.load(r1 + p));
    const x2 = f64x2.mul(sign, v128.load(r2 + p));
    const x3 = f64x2.mul(sign, v128.load(r3 + p));
    v128.store(to, v128.shuffle<f64>(x0, x1, 0, 2));
    v128.store(to, v128.shuffle<f64>(x2, x3, 0, 2), 16);
    v128.store(to, v128.shuffle<f64>(x0, x1, 1, 3), 32);
    v128.store(to, v128.shuffle<f64>(x2, x3, 1, 3), 48);
  }
  if (pairs === depth) return;
  const s = f64x2.extract_lane(sign, 0);
  store<f64>(to, s * load<f64>(r0 + end));
  store<f64>(to, s * load<f64>(r1 + end), 8);
  store<f64>(to, s * load<f64>(r2 + end), 16);
  store<f64>(to, s * load<f64>(r3 + end), 24);
}

function packAcross(to: usize, from: usize, along: usize, depth: usize, sign: v128): void {
  for (const end = to + (depth << 5); to < end; to += 32, from += along) {
    v128.store(to, f64x2.mul(sign, v128.load(from)));
    v128.store(to, f64x2.mul(sign, v128.load(from, 16)), 16);
  }
}

/** A 4 x 4 tile of C += [depth][4] of A times [depth][4] of B: eight sums in registers, nothing unrolled (measured fastest). */
function tile(depth: usize, a: usize, b: usize, c: usize, cRow: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0);
  let c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0);
  let c31 = f64x2.splat(0);
  for (const end = a + (depth << 5); a < end; a += 32, b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load64_splat(a);
    const a1 = v128.load64_splat(a, 8);
    const a2 = v128.load64_splat(a, 16);
    const a3 = v128.load64_splat(a, 24);
    c00 = f64x2.add(c00, f64x2.mul(a0, b0));
    c01 = f64x2.add(c01, f64x2.mul(a0, b1));
    c10 = f64x2.add(c10, f64x2.mul(a1, b0));
    c11 = f64x2.add(c11, f64x2.mul(a1, b1));
    c20 = f64x2.add(c20, f64x2.mul(a2, b0));
    c21 = f64x2.add(c21, f64x2.mul(a2, b1));
    c30 = f64x2.add(c30, f64x2.mul(a3, b0));
    c31 = f64x2.add(c31, f64x2.mul(a3, b1));
  }
  add(c, c00, c01);
  add(c + cRow, c10, c11);
  add(c + 2 * cRow, c20, c21);
  add(c + 3 * cRow, c30, c31);
}

function add(c: usize, left: v128, right: v128): void {
  v128.store(c, f64x2.add(v128.load(c), left));
  v128.store(c, f64x2.add(v128.load(c, 16), right), 16);
}

function partOfTile(depth: usize, a: usize, b: usize, c: usize, cRow: usize, high: usize, wide: usize): void {
  memory.fill(corner, 0, TILE * TILE * 8);
  tile(depth, a, b, corner, TILE * 8);
  for (let i: usize = 0; i < high; i++) {
    for (let j: usize = 0; j < wide; j++) {
      const at = c + i * cRow + j * 8;
      store<f64>(at, load<f64>(at) + load<f64>(corner + (i * TILE + j) * 8));
    }
  }
}
