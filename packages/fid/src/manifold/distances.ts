/**
 * Squared distances between all pairs of two sets of samples, block by block, so that no more than one block is in memory. A block
 * comes from products in float32 with bounds that hold for certain; where a bound cannot decide, `squaredDistance` does, in float64.
 * So every decision is that of float64 arithmetic, whatever the order in which the products were summed.
 */

import { centreOf } from "../samples/centre.ts";
import { createProducts, productError, UNIT_ROUNDOFF } from "../samples/products.ts";
import type { Samples } from "../samples/samples.ts";

/** Samples `begin ... end - 1`. */
export interface Range {
  begin: number;
  end: number;
}

/**
 * For the pair (i, j) with its product p, the squared distance is at least `rowBounds.lower[i] + columnBounds.lower[j] - 2 p` and
 * at most the same of `upper`.
 */
export interface DistanceBlock {
  rows: Range;
  columns: Range;
  /** `[rows, columns]` */
  products: Float32Array;
  rowBounds: Bounds;
  columnBounds: Bounds;
}

export interface Bounds {
  lower: Float64Array;
  upper: Float64Array;
}

const BLOCK_ROWS = 1024;
const BLOCK_COLUMNS = 4096;

/** Blocks in order: all columns of the first rows, then all columns of the next. */
export async function* distanceBlocks(rows: Samples, columns: Samples): AsyncGenerator<DistanceBlock> {
  // Any centre is correct; around the mean, norms and with them the bounds are smallest.
  const centre = centreOf(columns);
  const rowBounds = bounds(rows, centre);
  const columnBounds = rows === columns ? rowBounds : bounds(columns, centre);
  const products = createProducts();
  try {
    for (const r of ranges(rows.count, BLOCK_ROWS)) {
      for (const c of ranges(columns.count, BLOCK_COLUMNS)) {
        const block = await products(part(rows, r), part(columns, c), centre);
        yield { rows: r, columns: c, products: block, rowBounds, columnBounds };
      }
    }
  } finally {
    await products.dispose();
  }
}

/** Row `i` of `a` to row `j` of `b`, in float64; the same bits with both exchanged. */
export function squaredDistance(a: Samples, i: number, b: Samples, j: number): number {
  const { dims } = a;
  const x = a.data;
  const y = b.data;
  const whole = dims - (dims % 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let p = i * dims;
  let q = j * dims;
  for (const end = p + whole; p < end; p += 4, q += 4) {
    s0 += (x[p]! - y[q]!) ** 2;
    s1 += (x[p + 1]! - y[q + 1]!) ** 2;
    s2 += (x[p + 2]! - y[q + 2]!) ** 2;
    s3 += (x[p + 3]! - y[q + 3]!) ** 2;
  }
  for (const end = (i + 1) * dims; p < end; p++, q++) s0 += (x[p]! - y[q]!) ** 2;
  return s0 + s1 + (s2 + s3);
}

/**
 * d^2 = |x|^2 + |y|^2 - 2 x.y after centring. The product errs by at most productError |x| |y|, and so d^2 by at most
 * productError (|x|^2 + |y|^2). Centring in float32 moves a sample by at most u |x|, and so d^2 by at most
 * 2 u (|x| + |y|)^2 (1 + u) <= 5 u (|x|^2 + |y|^2). Each bound has a part of x and one of y. `tiny` is for products that underflow.
 */
function bounds({ data, count, dims }: Samples, centre: Float32Array): Bounds {
  const share = productError(dims) + 5 * UNIT_ROUNDOFF;
  const tiny = dims * 2 ** -125;
  const lower = new Float64Array(count);
  const upper = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let norm = 0;
    for (let j = 0; j < dims; j++) norm += Math.fround(data[i * dims + j]! - centre[j]!) ** 2;
    lower[i] = norm * (1 - share) - tiny;
    upper[i] = norm * (1 + share) + tiny;
  }
  return { lower, upper };
}

function* ranges(count: number, length: number): Generator<Range> {
  for (let begin = 0; begin < count; begin += length) yield { begin, end: Math.min(begin + length, count) };
}

function part({ data, dims }: Samples, { begin, end }: Range): Float32Array {
  return data.subarray(begin * dims, end * dims);
}
