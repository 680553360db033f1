/** What t-SNE can be told, and its defaults: scikit-learn's. */

import type { Generator } from "@touchstone/nn";
import { InvalidOptionError } from "./errors.ts";

export interface TsneOptions {
  /** Where the iterations start from; the only thing that is random. */
  generator: Generator;
  /** How many neighbours a point has, roughly: from 1 to less than the number of points. Default: 30. */
  perplexity?: number;
  /** At most; the first 250 of them are exaggerated. Default: 1000. */
  iterations?: number;
  /**
   * Default: "auto", a quarter of count / earlyExaggeration, at least 50 (Belkina et al., "Automated optimized parameters
   * for t-SNE", Nature Communications 10 (2019); the quarter is due to the factor 4 of the gradient).
   */
  learningRate?: number | "auto";
  /** By what affinities are multiplied in the first 250 iterations, so that clusters form: at least 1. Default: 12. */
  earlyExaggeration?: number;
  /**
   * "pca": the two main components, which keeps how clusters lie to each other (Kobak and Linderman, "Initialization is
   * critical", Nature Biotechnology 39 (2021)); "random": normal. Either with a standard deviation of 1e-4. Default: "pca".
   */
  init?: "pca" | "random";
}

export interface Settings extends Required<TsneOptions> {
  learningRate: number;
}

/** @throws InvalidOptionError */
export function settingsOf(options: TsneOptions, count: number): Settings {
  const { generator, perplexity = 30, iterations = 1000, earlyExaggeration = 12, init = "pca" } = options;
  checkPerplexity(perplexity, count);
  if (!Number.isInteger(iterations) || iterations < 1) {
    throw new InvalidOptionError("iterations", "a whole number of at least 1", iterations);
  }
  if (!(Number.isFinite(earlyExaggeration) && earlyExaggeration >= 1)) {
    throw new InvalidOptionError("earlyExaggeration", "a number of at least 1", earlyExaggeration);
  }
  const { learningRate: rate = "auto" } = options;
  const learningRate = rate === "auto" ? Math.max(count / earlyExaggeration / 4, 50) : rate;
  if (!(Number.isFinite(learningRate) && learningRate > 0)) {
    throw new InvalidOptionError("learningRate", '"auto" or a number greater than 0', rate);
  }
  if (init !== "pca" && init !== "random") {
    throw new InvalidOptionError("init", '"pca" or "random"', init);
  }
  return { generator, perplexity, iterations, learningRate, earlyExaggeration, init };
}

/** @throws InvalidOptionError */
export function checkPerplexity(perplexity: number, count: number): void {
  if (!(perplexity >= 1 && perplexity < count)) {
    const expected = `a number from 1 to less than the number of points, ${count}`;
    throw new InvalidOptionError("perplexity", expected, perplexity);
  }
}
