/**
 * The bootstrap's percentile interval (Efron 1979): the score of sets of the same size, drawn with replacement.
 *
 * Not for distances such as FID without a look at `bias`: a resampled set repeats samples, which is a difference to the reference
 * that the set itself does not have, and the whole interval moves up. `jackknife` has no repetitions.
 */

import type { Work } from "@touchstone/cli";
import type { Generator } from "@touchstone/nn";
import { requireWhole } from "../samples/options.ts";
import { mean, quantile, standardDeviation } from "../samples/summary.ts";
import { everyIndex, finiteScore, type Score } from "./score.ts";

export interface BootstrapOptions {
  generator: Generator;
  /** Default 1000. */
  replicates?: number;
}

export interface BootstrapInterval {
  /** The score of all samples. */
  estimate: number;
  /** 2.5 % and 97.5 % quantile of the replicates' scores. */
  low: number;
  high: number;
  standardError: number;
  /** Mean of the replicates less `estimate`. */
  bias: number;
  replicates: number;
}

/**
 * @param count samples, at least 2
 * @throws MetricOptionError, ScoreNotFiniteError
 */
export async function* bootstrap(
  count: number,
  score: Score,
  { generator, replicates = 1000 }: BootstrapOptions,
): Work<BootstrapInterval> {
  requireWhole("count", count, 2);
  requireWhole("replicates", replicates, 2);
  const estimate = await finiteScore(score(everyIndex(count)), "all samples");
  const scores = new Float64Array(replicates);
  for (let i = 0; i < replicates; i++) {
    scores[i] = await finiteScore(score(generator.integers(count, count)), `replicate ${i}`);
    yield { label: "bootstrap", done: i + 1, total: replicates, unit: "replicates" };
  }
  const sorted = scores.toSorted();
  return {
    estimate,
    low: quantile(sorted, 0.025),
    high: quantile(sorted, 0.975),
    standardError: standardDeviation(scores) * Math.sqrt(replicates / (replicates - 1)),
    bias: mean(scores) - estimate,
    replicates,
  };
}
