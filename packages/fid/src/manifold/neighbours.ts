/** Nearest neighbours, exact as in float64, of each sample in its own set or in another. */

import type { Work } from "@touchstone/cli";
import { requireWhole } from "../samples/options.ts";
import type { Samples } from "../samples/samples.ts";
import { type DistanceBlock, distanceBlocks, squaredDistance } from "./distances.ts";

export interface Neighbours {
  /** How many of each sample. */
  k: number;
  /** Squared Euclidean distances, `[count, k]`, ascending. */
  squared: Float64Array;
  /** Which samples they are, `[count, k]`; of equally near ones the first. */
  indices: Int32Array;
}

/** The k nearest of `base` to each of `queries`. @throws MetricOptionError unless k <= base.count */
export function neighboursIn(base: Samples, queries: Samples, k: number, label: string): Work<Neighbours> {
  requireNeighbours("k", k, base.count);
  return search(queries, base, k, false, label);
}

/** The k nearest to each sample among the others of its set. @throws MetricOptionError unless k < samples.count */
export function neighboursWithin(samples: Samples, k: number, label: string): Work<Neighbours> {
  requireNeighbours("k", k, samples.count - 1);
  return search(samples, samples, k, true, label);
}

/** @throws MetricOptionError unless `k` neighbours can be had from `candidates` */
export function requireNeighbours(option: string, k: number, candidates: number): void {
  requireWhole(option, k, 1, candidates, "the samples that can be neighbours");
}

async function* search(
  queries: Samples,
  base: Samples,
  k: number,
  skipSelf: boolean,
  label: string,
): Work<Neighbours> {
  const squared = new Float64Array(queries.count * k).fill(Number.POSITIVE_INFINITY);
  const indices = new Int32Array(queries.count * k).fill(-1);
  const uppers = new Float64Array(k);
  for await (const block of distanceBlocks(queries, base)) {
    const { rows, columns, products, rowBounds, columnBounds } = block;
    const width = columns.end - columns.begin;
    for (let i = rows.begin; i < rows.end; i++) {
      const last = i * k + k - 1;
      if (squared[last] === 0) continue;
      let threshold = Math.min(squared[last]!, kthUpperBound(block, i, skipSelf, uppers));
      const offset = (i - rows.begin) * width - columns.begin;
      for (let j = columns.begin; j < columns.end; j++) {
        if (rowBounds.lower[i]! + columnBounds.lower[j]! - 2 * products[offset + j]! > threshold) continue;
        if (skipSelf && i === j) continue;
        insert(squared, indices, i * k, last, squaredDistance(queries, i, base, j), j);
        threshold = Math.min(threshold, squared[last]!);
      }
    }
    yield {
      label,
      done: columns.end === base.count ? rows.end : rows.begin,
      total: queries.count,
      unit: "samples",
    };
  }
  return { k, squared, indices };
}

/** A distance that at least k of a block's columns are within, for row i; infinite if the block has fewer. */
function kthUpperBound(block: DistanceBlock, i: number, skipSelf: boolean, uppers: Float64Array): number {
  const { rows, columns, products, rowBounds, columnBounds } = block;
  const offset = (i - rows.begin) * (columns.end - columns.begin) - columns.begin;
  const last = uppers.length - 1;
  uppers.fill(Number.POSITIVE_INFINITY);
  for (let j = columns.begin; j < columns.end; j++) {
    const upper = rowBounds.upper[i]! + columnBounds.upper[j]! - 2 * products[offset + j]!;
    if (upper >= uppers[last]! || (skipSelf && i === j)) continue;
    let at = last;
    for (; at > 0 && uppers[at - 1]! > upper; at--) uppers[at] = uppers[at - 1]!;
    uppers[at] = upper;
  }
  return uppers[last]!;
}

/** Keeps `squared[first ... last]` the smallest so far, ascending, and of equal ones those that came first. */
function insert(
  squared: Float64Array,
  indices: Int32Array,
  first: number,
  last: number,
  distance: number,
  index: number,
): void {
  if (distance >= squared[last]!) return;
  let at = last;
  for (; at > first && squared[at - 1]! > distance; at--) {
    squared[at] = squared[at - 1]!;
    indices[at] = indices[at - 1]!;
  }
  squared[at] = distance;
  indices[at] = index;
}
