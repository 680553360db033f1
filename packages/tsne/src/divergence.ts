/** What t-SNE minimises: how far the neighbourhoods of an embedding are from those of the points. */

import { withAffinities } from "./affinities.ts";
import { checkPerplexity } from "./options.ts";
import { checkPoints, type Points } from "./points.ts";
import type { Workspace } from "./workspace.ts";

/**
 * The Kullback-Leibler divergence of any program's `embedding`, `[count, 2]`, from `points`, in nats: the smaller the better,
 * and comparable only for the same points and perplexity.
 *
 * @throws InvalidPointsError, InvalidOptionError, TooManyPointsError
 */
export function klDivergence(points: Points, perplexity: number, embedding: Float32Array): number {
  checkPoints(points);
  checkPerplexity(perplexity, points.count);
  checkPoints({ data: embedding, count: points.count, dims: 2 });
  const workspace = withAffinities(points, perplexity);
  for (let i = 0; i < points.count; i++) {
    workspace.x[i] = embedding[2 * i]!;
    workspace.y[i] = embedding[2 * i + 1]!;
  }
  return divergenceOf(workspace);
}

/**
 * C = sum over i != j of p_ij log(p_ij / q_ij), where q_ij = w_ij / Z with w_ij = 1 / (1 + |y_i - y_j|^2) and Z the sum of all
 * (van der Maaten and Hinton 2008, equations 2 and 4): since the p_ij add up to 1, log Z + sum of p_ij log(p_ij / w_ij).
 */
export function divergenceOf({ count, stride, pairs, x, y }: Workspace): number {
  let sum = 0;
  let z = 0;
  for (let i = 1; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const d = 1 + (x[i]! - x[j]!) ** 2 + (y[i]! - y[j]!) ** 2;
      z += 2 / d;
      const p = pairs[i * stride + j]!;
      if (p > 0) sum += 2 * p * Math.log(p * d);
    }
  }
  return sum + Math.log(z);
}
