/**
 * A score of infinitely many samples (Chong and Forsyth 2020, "Effectively Unbiased FID and Inception Score and Where to Find Them"):
 * the score at several n, a line fitted in 1/n, and where it meets 1/n = 0. For scores whose bias goes as 1/n: FID, and IS.
 */

import type { Work } from "@touchstone/cli";
import type { Generator } from "@touchstone/nn";
import { MetricOptionError } from "../samples/errors.ts";
import { requireWhole } from "../samples/options.ts";
import { mean } from "../samples/summary.ts";
import { finiteScore } from "./score.ts";

/** The score of `n` samples that it draws with `generator`. */
export type ScoreOfSize = (n: number, generator: Generator) => number | Promise<number>;

export interface InfinityOptions {
  /** Each point gets a generator split from it. */
  generator: Generator;
  /** The sizes: `points` of them, evenly spaced. The paper takes 5,000 to 50,000; in general a tenth of what there is, to all. */
  smallest: number;
  largest: number;
  /** Default 15, at least 3. */
  points?: number;
}

export interface ScoreAtInfinity {
  /** The score at 1/n = 0. */
  limit: number;
  /** Of the fit's limit; the points share samples, so it is a lower bound. */
  standardError: number;
  /** The bias is slope / n. */
  slope: number;
  points: { n: number; score: number }[];
}

/** @throws MetricOptionError, ScoreNotFiniteError */
export async function* scoreAtInfinity(
  scoreOf: ScoreOfSize,
  { generator, smallest, largest, points = 15 }: InfinityOptions,
): Work<ScoreAtInfinity> {
  requireWhole("points", points, 3);
  requireWhole("smallest", smallest, 1);
  if (!Number.isSafeInteger(largest) || largest - smallest < points - 1) {
    throw new MetricOptionError(
      "largest",
      `at least ${smallest + points - 1}, for ${points} sizes from ${smallest} on`,
      largest,
    );
  }
  const measured: { n: number; score: number }[] = [];
  for (let i = 0; i < points; i++) {
    const n = Math.floor(smallest + ((largest - smallest) * i) / (points - 1));
    const score = await finiteScore(scoreOf(n, generator.split(i)), `${n} samples`);
    measured.push({ n, score });
    yield { label: "score at several sizes", done: i + 1, total: points, unit: "sizes" };
  }
  return { ...fit(measured), points: measured };
}

/** Least squares of score = limit + slope / n. */
function fit(points: { n: number; score: number }[]): {
  limit: number;
  slope: number;
  standardError: number;
} {
  const xs = points.map(({ n }) => 1 / n);
  const ys = points.map(({ score }) => score);
  const x = mean(xs);
  const y = mean(ys);
  const sxx = mean(xs.map((value) => (value - x) ** 2));
  const slope = mean(xs.map((value, i) => (value - x) * (ys[i]! - y))) / sxx;
  const limit = y - slope * x;
  const residual = mean(xs.map((value, i) => (ys[i]! - limit - slope * value) ** 2));
  const standardError = Math.sqrt((residual / (points.length - 2)) * (1 + x ** 2 / sxx));
  return { limit, slope, standardError };
}
