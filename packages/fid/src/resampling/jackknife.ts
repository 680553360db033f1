/**
 * The delete-a-group jackknife (Quenouille 1956; Kott 2001): the score without each of g random groups in turn. It estimates a
 * score's bias, such as the 1/n of FID, and its standard error from g + 1 computations. Groups whose sizes differ by one count as
 * equal.
 */

import type { Work } from "@touchstone/cli";
import type { Generator } from "@touchstone/nn";
import { requireWhole } from "../samples/options.ts";
import { mean, standardDeviation } from "../samples/summary.ts";
import { everyIndex, finiteScore, type Score } from "./score.ts";

export interface JackknifeOptions {
  /** Deals the samples out to the groups. */
  generator: Generator;
  /** g; as many as there are samples gives the classic jackknife. Default 20, or as many as there are samples. */
  groups?: number;
}

export interface JackknifeInterval {
  /** The score of all samples. */
  estimate: number;
  /** (g - 1) (mean of the scores without a group - estimate). */
  bias: number;
  /** `estimate - bias` and the 95 % interval around it, by Student's t with g - 1 degrees of freedom. */
  corrected: number;
  low: number;
  high: number;
  standardError: number;
  groups: number;
}

const DEFAULT_GROUPS = 20;
/** Fewer give a standard error that is itself a guess. */
const FEWEST_GROUPS = 5;

/**
 * @param count samples, at least 5
 * @throws MetricOptionError, ScoreNotFiniteError
 */
export async function* jackknife(
  count: number,
  score: Score,
  { generator, groups = Math.min(DEFAULT_GROUPS, count) }: JackknifeOptions,
): Work<JackknifeInterval> {
  requireWhole("count", count, FEWEST_GROUPS);
  requireWhole("groups", groups, FEWEST_GROUPS, count);
  const estimate = await finiteScore(score(everyIndex(count)), "all samples");
  const order = generator.permutation(count);
  const groupOf = new Int32Array(count);
  order.forEach((sample, place) => {
    groupOf[sample] = place % groups;
  });
  const scores = new Float64Array(groups);
  for (let g = 0; g < groups; g++) {
    const kept = everyIndex(count).filter((sample) => groupOf[sample] !== g);
    scores[g] = await finiteScore(score(kept), `all but group ${g}`);
    yield { label: "jackknife", done: g + 1, total: groups, unit: "groups" };
  }
  const bias = (groups - 1) * (mean(scores) - estimate);
  const standardError = standardDeviation(scores) * Math.sqrt(groups - 1);
  const half = studentQuantile(groups - 1) * standardError;
  const corrected = estimate - bias;
  return { estimate, bias, corrected, low: corrected - half, high: corrected + half, standardError, groups };
}

/** The 97.5 % quantile of Student's t, within 0.3 % from 4 degrees of freedom on (Abramowitz and Stegun 26.7.5). */
function studentQuantile(freedom: number): number {
  const z = 1.959963984540054;
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  );
}
