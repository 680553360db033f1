/**
 * The Kernel Inception Distance (Binkowski et al. 2018, "Demystifying MMD GANs"): the unbiased squared maximum mean discrepancy under
 * k(x, y) = (x.y / d + 1)^3, as the mean and the standard deviation over random subsets.
 *
 * Dot products are computed in float32 of centred features, everything after them in float64 (`kernel-sums.ts`).
 */

import type { Work } from "@touchstone/cli";
import type { Generator } from "@touchstone/nn";
import { requireWhole } from "../samples/options.ts";
import { createProducts } from "../samples/products.ts";
import { requireSameDims, requireSamples, type Samples } from "../samples/samples.ts";
import { mean, standardDeviation } from "../samples/summary.ts";
import { kernelSums, type Side, type SubsetPair } from "./kernel-sums.ts";

export interface KidOptions {
  /** Draws the subsets. */
  generator: Generator;
  /** How many. Default 100. */
  subsets?: number;
  /** Samples of each side in a subset, drawn without replacement. Default 1000, or as many as the smaller side has. */
  subsetSize?: number;
}

export interface Kid {
  /** The estimate; without bias, so slightly negative values are to be expected where the distributions are alike. */
  mean: number;
  /** Over the subsets, with divisor `subsets`: their spread, not the error of the mean. */
  std: number;
  subsets: number;
  subsetSize: number;
}

const DEFAULT_SUBSETS = 100;
const DEFAULT_SUBSET_SIZE = 1000;

/**
 * @param reference, generated features, `[n, dims]`, at least 2 of each
 * @throws SampleShapeError, TooFewSamplesError, NumberRangeError, MetricOptionError
 */
export async function* kid(
  reference: Samples,
  generated: Samples,
  { generator, subsets = DEFAULT_SUBSETS, subsetSize }: KidOptions,
): Work<Kid> {
  requireSamples("Reference features", reference, [2, "for pairs of them"]);
  requireSamples("Generated features", generated, [2, "for pairs of them"]);
  requireSameDims(reference, generated);
  const fewest = Math.min(reference.count, generated.count);
  const size = subsetSize ?? Math.min(DEFAULT_SUBSET_SIZE, fewest);
  requireWhole("subsetSize", size, 2, fewest, "the smaller side's samples");
  requireWhole("subsets", subsets, 1);
  // In ascending order: a sum does not mind, the cache does.
  const draw = (count: number) => generator.permutation(count).slice(0, size).sort();
  const pairs = Array.from({ length: subsets }, () => ({
    reference: draw(reference.count),
    generated: draw(generated.count),
  }));
  const values = yield* squaredDiscrepancies(reference, generated, pairs);
  return { mean: mean(values), std: standardDeviation(values), subsets, subsetSize: size };
}

/** The unbiased estimate (Gretton et al. 2012, "A Kernel Two-Sample Test", eq. 3) for each pair of subsets of equal size. */
export async function* squaredDiscrepancies(
  reference: Samples,
  generated: Samples,
  pairs: readonly SubsetPair[],
): Work<number[]> {
  const products = createProducts();
  try {
    const sums = await kernelSums({ reference, generated }, pairs, products);
    const values: number[] = [];
    for (const pair of pairs) {
      const m = pair.reference.length;
      const within = async (side: Side) => (await sums.within(side, pair[side])) / ((m * (m - 1)) / 2);
      const between = (await sums.between(pair.reference, pair.generated)) / (m * m);
      values.push((await within("reference")) + (await within("generated")) - 2 * between);
      yield { label: "KID", done: values.length, total: pairs.length, unit: "subsets" };
    }
    return values;
  } finally {
    await products.dispose();
  }
}
