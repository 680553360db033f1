/** How near each other the points are: t-SNE's p_ij. */

import { centre, type Points } from "./points.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

/**
 * A workspace with `points` and their affinities p_ij = (p_j|i + p_i|j) / 2n, whose sum is 1 (van der Maaten and Hinton,
 * "Visualizing Data using t-SNE", JMLR 9 (2008), section 3.1); nothing is embedded yet.
 *
 * @throws InvalidPointsError, TooManyPointsError
 */
export function withAffinities(points: Points, perplexity: number): Workspace {
  const workspace = openWorkspace(points.count, points.dims);
  centre(points, workspace.points, workspace.width);
  workspace.computeDistances();
  const { count, stride, pairs } = workspace;
  for (let i = 0; i < count; i++) conditional(pairs.subarray(i * stride, i * stride + count), i, perplexity);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const p = (pairs[i * stride + j]! + pairs[j * stride + i]!) / (2 * count);
      pairs[i * stride + j] = p;
      pairs[j * stride + i] = p;
    }
  }
  return workspace;
}

/** Of the entropy; scikit-learn stops at 1e-5. */
const TOLERANCE = 1e-9;
/** A point with more copies of itself than the perplexity asks for neighbours has no solution: the copies share it all. */
const MAX_STEPS = 60;
/** Where the entropy hardly changes, Newton's method would leap. */
const LARGEST_STEP = 2;

/**
 * Turns squared distances d_j from point `self` into p_j|i = exp(-beta d_j) / sum (equation 1, beta = 1 / (2 sigma_i^2)),
 * with beta such that their entropy is log(perplexity).
 *
 * With S the sum, H = log S + beta E[d] and dH / d log(beta) = -beta^2 Var[d]: Newton's method on log(beta), within bounds.
 */
function conditional(row: Float32Array, self: number, perplexity: number): void {
  const { nearest, deviation } = spread(row, self);
  const target = Math.log(perplexity);
  // Of normally distributed d the entropy would be log n - beta^2 Var[d] / 2.
  let logBeta = Math.log(Math.sqrt(2 * Math.log(row.length / perplexity)) / (deviation || 1));
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    const beta = Math.exp(logBeta);
    sum = 0;
    let first = 0;
    let second = 0;
    for (let j = 0; j < row.length; j++) {
      if (j === self) continue;
      const scaled = beta * (row[j]! - nearest); // less the nearest: the largest term is 1, and cannot underflow
      const weight = Math.exp(-scaled);
      sum += weight;
      first += weight * scaled;
      second += weight * scaled * scaled;
    }
    const excess = Math.log(sum) + first / sum - target;
    if (Math.abs(excess) < TOLERANCE) break;
    if (excess > 0) low = logBeta;
    else high = logBeta;
    const variance = Math.max(0, second / sum - (first / sum) ** 2);
    const newton = logBeta + Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, excess / variance));
    logBeta = newton > low && newton < high ? newton : (low + high) / 2;
  }
  const beta = Math.exp(logBeta);
  for (let j = 0; j < row.length; j++) {
    row[j] = j === self ? 0 : Math.exp(-beta * (row[j]! - nearest)) / sum;
  }
}

function spread(row: Float32Array, self: number): { nearest: number; deviation: number } {
  let nearest = Number.POSITIVE_INFINITY;
  let sum = 0;
  let squares = 0;
  for (let j = 0; j < row.length; j++) {
    if (j === self) continue;
    nearest = Math.min(nearest, row[j]!);
    sum += row[j]!;
    squares += row[j]! * row[j]!;
  }
  const mean = sum / (row.length - 1);
  return { nearest, deviation: Math.sqrt(Math.max(0, squares / (row.length - 1) - mean * mean)) };
}
