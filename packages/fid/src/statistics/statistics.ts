/** What a Frechet distance is computed from. */

/** Mean and covariance of feature vectors, the covariance unbiased (divided by n - 1) as `numpy.cov` has it. */
export interface Statistics {
  dims: number;
  /** Images; absent where a file of mean and covariance does not say. */
  n?: number;
  /** `[dims]` */
  mean: Float64Array;
  spread: Spread;
}

/**
 * The covariance S, or, while it is smaller, what determines S without any loss: the features themselves, X, less their
 * mean; S = X^T X / (n - 1).
 */
export type Spread =
  | { kind: "covariance" /** `[dims, dims]` */; covariance: Float64Array }
  | { kind: "features"; n: number /** `[n, dims]` */; centred: Float64Array };
