/** What is given to t-SNE: checked, and brought to a common scale. */

import { InvalidPointsError } from "./errors.ts";

export interface Points {
  /** `[count, dims]`, row by row. */
  data: Float32Array;
  count: number;
  dims: number;
}

const LEAST_POINTS = 4;

/** @throws InvalidPointsError for another shape than the data's, fewer than four points, NaN or Infinity */
export function checkPoints({ data, count, dims }: Points): void {
  if (!Number.isInteger(count) || count < LEAST_POINTS) {
    throw new InvalidPointsError(`at least ${LEAST_POINTS}`, String(count));
  }
  if (!Number.isInteger(dims) || dims < 1) {
    throw new InvalidPointsError("at least one dimension", String(dims));
  }
  if (!(data instanceof Float32Array) || data.length !== count * dims) {
    const found = data instanceof Float32Array ? `${data.length} numbers` : "no Float32Array";
    throw new InvalidPointsError(`${count} x ${dims} = ${count * dims} numbers of float32`, found);
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const place = `dimension ${bad % dims} of point ${Math.floor(bad / dims)}, both counted from 0`;
    throw new InvalidPointsError("finite numbers", `${data[bad]} in ${place}`);
  }
}

/**
 * Writes the points less their mean, divided by the largest magnitude that is left: t-SNE's affinities depend on ratios of
 * distances alone, and squares of numbers in -1 ... 1 cannot overflow.
 *
 * @param to `[count, width]`
 * @throws InvalidPointsError if all points are the same
 */
export function centre({ data, count, dims }: Points, to: Float32Array, width: number): void {
  if (data.every((value, i) => value === data[i % dims])) {
    throw new InvalidPointsError("points that differ", `${count} times the same`);
  }
  const mean = new Float64Array(dims);
  for (let i = 0; i < data.length; i++) mean[i % dims]! += data[i]! / count;
  let largest = 0;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i]! - mean[i % dims]!));
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < dims; j++) to[i * width + j] = (data[i * dims + j]! - mean[j]!) / largest;
  }
}
