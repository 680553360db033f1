/** Streaming mean and covariance: `empty`, `update`, `merge`, `compute`. */

import { fromScatter, totalVariance } from "./covariance.ts";
import { FeatureRangeError, FeatureShapeError, NonFiniteFeatureError, TooFewImagesError } from "./errors.ts";
import { absorb, combine, emptyScatter, meanOf, type Scatter } from "./scatter.ts";
import type { Statistics } from "./statistics.ts";

/**
 * The state: two matrices `[dims, dims]` at most, however many images there are.
 *
 * Feature vectors are kept as they are until there are more of them than features (or BLOCK), then added to a scatter matrix,
 * BLOCK at a time. Where blocks begin depends on the count alone, so the result is the same to the bit however the vectors
 * are divided into batches.
 */
export interface StatisticsState {
  readonly dims: number;
  /** What has been added up, of the first `scatter.n` vectors. */
  scatter: Scatter;
  /** Vectors not yet in `scatter`, `[capacity, dims]`, of which the first `waiting` are meaningful. */
  rows: Float64Array;
  waiting: number;
}

/** Enough vectors for matrix products to run at full speed. */
const BLOCK = 512;
/** The covariance of so many features has 2 GiB. */
export const MAX_DIMS = 16_384;

/** @throws FeatureShapeError */
export function emptyStatistics(dims: number): StatisticsState {
  if (!Number.isInteger(dims) || dims < 1 || dims > MAX_DIMS) {
    throw new FeatureShapeError("Features of an image", `a whole number from 1 to ${MAX_DIMS}`, String(dims));
  }
  return { dims, scatter: emptyScatter(dims), rows: new Float64Array(0), waiting: 0 };
}

/** How many images went into `state`. */
export function imagesIn(state: StatisticsState): number {
  return state.scatter.n + state.waiting;
}

/**
 * Adds feature vectors to `state`, in place.
 *
 * @param features `[b, dims]` row by row, any b
 * @throws FeatureShapeError, NonFiniteFeatureError; `state` is then as it was
 */
export function updateStatistics(state: StatisticsState, features: Float32Array | Float64Array): void {
  const { dims } = state;
  if (features.length % dims !== 0) {
    throw new FeatureShapeError("Features", `a multiple of ${dims} numbers`, String(features.length));
  }
  const bad = features.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    const image = `Image ${imagesIn(state) + Math.floor(bad / dims)} (counted from 0)`;
    throw new NonFiniteFeatureError(image, bad % dims, features[bad]!);
  }
  for (let at = 0; at < features.length; ) {
    const capacity = state.scatter.n > 0 ? BLOCK : Math.max(dims, BLOCK);
    if (state.waiting === capacity) {
      absorb(state.scatter, state.rows, state.waiting);
      state.waiting = 0;
      continue;
    }
    const count = Math.min(features.length - at, (capacity - state.waiting) * dims);
    state.rows = withRoom(state.rows, state.waiting * dims, count, capacity * dims);
    state.rows.set(features.subarray(at, at + count), state.waiting * dims);
    state.waiting += count / dims;
    at += count;
  }
}

/** `rows` with room for `more` numbers after the first `used`: doubled where it must grow, never beyond `limit`. */
function withRoom(rows: Float64Array, used: number, more: number, limit: number): Float64Array {
  if (used + more <= rows.length && rows.length <= limit) return rows;
  const grown = new Float64Array(Math.min(Math.max(used + more, 2 * used), limit));
  grown.set(rows.subarray(0, used));
  return grown;
}

/** The state after the images of `a` and then those of `b`; both stay as they are. @throws FeatureShapeError */
export function mergeStatistics(a: StatisticsState, b: StatisticsState): StatisticsState {
  if (a.dims !== b.dims) {
    throw new FeatureShapeError("Features of an image", `${a.dims}, as in the first part`, String(b.dims));
  }
  const merged: StatisticsState = {
    dims: a.dims,
    scatter: combine(a.scatter, b.scatter),
    rows: new Float64Array(0),
    waiting: 0,
  };
  for (const { rows, waiting, dims } of [a, b]) updateStatistics(merged, rows.subarray(0, waiting * dims));
  return merged;
}

/**
 * Mean and covariance; up to n = dims the features in the covariance's place. `state` stays as it is and can go on.
 *
 * @throws TooFewImagesError, FeatureRangeError
 */
export function computeStatistics(state: StatisticsState): Statistics {
  const { dims } = state;
  const n = imagesIn(state);
  if (n < 2) throw new TooFewImagesError(n);
  const statistics =
    n <= dims ? ofFeatures(state.rows.subarray(0, n * dims), dims, n) : ofScatter(state, dims, n);
  if (!Number.isFinite(totalVariance(statistics))) throw new FeatureRangeError();
  return statistics;
}

/** Mean and covariance of feature vectors in memory, `[n, dims]`. @throws as `updateStatistics` and `computeStatistics` */
export function statisticsOf({ data, dims }: { data: Float32Array; dims: number }): Statistics {
  const state = emptyStatistics(dims);
  updateStatistics(state, data);
  return computeStatistics(state);
}

function ofFeatures(rows: Float64Array, dims: number, n: number): Statistics {
  const mean = meanOf(rows, dims, n);
  const centred = rows.map((x, at) => x - mean[at % dims]!);
  return { dims, n, mean, spread: { kind: "features", n, centred } };
}

function ofScatter(state: StatisticsState, dims: number, n: number): Statistics {
  const all = structuredClone(state.scatter);
  if (state.waiting > 0) absorb(all, state.rows, state.waiting);
  const covariance = fromScatter(all.products, dims, n);
  return { dims, n, mean: all.mean, spread: { kind: "covariance", covariance } };
}
