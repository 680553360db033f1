/** The values of `fixtures/golden/tsne`, and other points for tests. */

import { readFileSync } from "node:fs";
import { follow, type Work } from "@touchstone/cli";
import { generatorFromSeed } from "@touchstone/nn";
import { withAffinities } from "../src/affinities.ts";
import type { Points } from "../src/points.ts";
import type { TsneResult } from "../src/tsne.ts";
import type { Workspace } from "../src/workspace.ts";

interface AffinitiesCase {
  count: number;
  dims: number;
  perplexity: number;
  points: number[];
  /** Below the diagonal, row by row. */
  affinities: number[];
  embedding: number[];
  divergence: number;
  gradient: number[];
}

interface ClustersCase {
  count: number;
  dims: number;
  clusters: number;
  points: number[];
  perplexity: number;
  exact: { divergence: number; embedding: number[] };
  barnes_hut: { divergence: number };
}

export const golden: { affinities: AffinitiesCase[]; clusters: ClustersCase } = JSON.parse(
  readFileSync(new URL("../../../fixtures/golden/tsne/tsne.json", import.meta.url), "utf8"),
);

export const pointsOf = ({ points, count, dims }: { points: number[]; count: number; dims: number }) => ({
  data: Float32Array.from(points),
  count,
  dims,
});

/** Normal numbers. */
export function randomPoints(count: number, dims: number, seed = 0): Points {
  return { data: generatorFromSeed(seed).normal(count * dims), count, dims };
}

/** With affinities, and `embedding`, `[count, 2]`. */
export function prepared(points: Points, perplexity: number, embedding: ArrayLike<number>): Workspace {
  const workspace = withAffinities(points, perplexity);
  for (let i = 0; i < points.count; i++) {
    workspace.x[i] = embedding[2 * i]!;
    workspace.y[i] = embedding[2 * i + 1]!;
  }
  return workspace;
}

/** Runs to the end, without showing anything. */
export const finished = (work: Work<TsneResult>) => follow(work, { show() {}, end() {} });
