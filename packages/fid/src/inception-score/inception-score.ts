/**
 * The Inception Score (Salimans et al. 2016, "Improved Techniques for Training GANs"): exp(E_x KL(p(y|x) || p(y))), as the mean and
 * the standard deviation over splits; as torch-fidelity computes it, in float64 from logits.
 */

import type { Generator } from "@touchstone/nn";
import { requireWhole } from "../samples/options.ts";
import { requireSamples, type Samples } from "../samples/samples.ts";
import { mean, standardDeviation } from "../samples/summary.ts";

export interface InceptionScoreOptions {
  /** Shuffles the samples before they are split: images made class by class would otherwise be in splits of their own. */
  generator: Generator;
  /** Default 10. */
  splits?: number;
}

export interface InceptionScore {
  /** 1 to the number of classes; more is better. */
  mean: number;
  /** Over the splits, with divisor `splits`. */
  std: number;
  splits: number;
}

/**
 * @param logits `[n, classes]`, before the softmax; at least one for each split
 * @throws SampleShapeError, TooFewSamplesError, NumberRangeError, MetricOptionError
 */
export function inceptionScore(
  logits: Samples,
  { generator, splits = 10 }: InceptionScoreOptions,
): InceptionScore {
  requireWhole("splits", splits, 1);
  requireSamples("Logits", logits, [splits, `for ${splits} splits`]);
  return inceptionScoreInOrder(logits, generator.permutation(logits.count), splits);
}

/** The score of samples split in the order `order`, split i being `order[floor(i n / splits) ... floor((i + 1) n / splits) - 1]`. */
export function inceptionScoreInOrder(logits: Samples, order: Int32Array, splits: number): InceptionScore {
  const scores = Array.from({ length: splits }, (_, i) =>
    splitScore(
      logits,
      order.subarray(Math.floor((i * order.length) / splits), Math.floor(((i + 1) * order.length) / splits)),
    ),
  );
  return { mean: mean(scores), std: standardDeviation(scores), splits };
}

/** exp(mean over x of sum over y of p(y|x) log p(y|x), minus sum over y of p(y) log p(y)) */
function splitScore({ data, dims }: Samples, rows: Int32Array): number {
  const marginal = new Float64Array(dims);
  const p = new Float64Array(dims);
  let negentropy = 0;
  for (const row of rows) {
    negentropy += softmax(data.subarray(row * dims, (row + 1) * dims), p);
    for (let y = 0; y < dims; y++) marginal[y]! += p[y]!;
  }
  const ofMarginal = marginal.reduce((sum, total) => {
    const q = total / rows.length;
    return q > 0 ? sum + q * Math.log(q) : sum;
  }, 0);
  return Math.exp(negentropy / rows.length - ofMarginal);
}

/** Writes the softmax of `logits` to `p` and returns sum p log p. */
function softmax(logits: Float32Array, p: Float64Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const x of logits) max = Math.max(max, x);
  let total = 0;
  let weighted = 0;
  for (let y = 0; y < p.length; y++) {
    const x = logits[y]! - max;
    p[y] = Math.exp(x);
    total += p[y]!;
    weighted += p[y]! * x;
  }
  for (let y = 0; y < p.length; y++) p[y]! /= total;
  return weighted / total - Math.log(total);
}
