/** The Frechet distance of two Gaussians (Frechet 1957; Dowson and Landau 1982), which is FID where the features are Inception's. */

import { traceOfRoot } from "../linear-algebra/index.ts";
import type { Statistics } from "../statistics/index.ts";
import { errorBound } from "./error-bound.ts";
import type { Names } from "./errors.ts";
import { covarianceTermOf, divisorOf, requireCovariances, sideOf, termsOf } from "./terms.ts";

export interface FrechetDistance {
  /** |mu1 - mu2|^2 + tr(S1) + tr(S2) - 2 tr((S1 S2)^(1/2)), at least 0. */
  distance: number;
  /** How far `distance` is at most from the exact value for these statistics: see `error-bound.ts`. */
  errorBound: number;
  /** |mu1 - mu2|^2 */
  meanTerm: number;
  /** The rest. */
  covarianceTerm: number;
  /** What each side contributed: its features (exact at low rank) or its covariance. */
  route: readonly [Statistics["spread"]["kind"], Statistics["spread"]["kind"]];
}

export interface FrechetOptions {
  /** Threads to compute on; the result is the same to the bit for any number. Default: what the machine runs at once. */
  threads?: number;
  /** How errors call the two. */
  names?: Names;
}

/**
 * tr((S1 S2)^(1/2)) is the sum of the singular values of F1 F2^T for any F with F^T F = S: features less their mean, divided by
 * sqrt(n - 1), where there are at most as many as dimensions, else the pivoted Cholesky factor of S. There is no square root of
 * a matrix, no complex number, nothing added to a diagonal; singular, constant and tiny sets are ordinary cases.
 *
 * @throws DimensionMismatchError, NonFiniteStatisticsError, NotACovarianceError, ThreadCountError, MatrixTooLargeError
 */
export async function frechetDistance(
  a: Statistics,
  b: Statistics,
  { threads, names }: FrechetOptions = {},
): Promise<FrechetDistance> {
  const terms = termsOf(a, b, names);
  const root = await traceOfRoot(a.dims, sideOf(a), sideOf(b), threads);
  requireCovariances(terms, root.leftOut, names);
  const scale = Math.sqrt(divisorOf(a)) * Math.sqrt(divisorOf(b));
  const covarianceTerm = covarianceTermOf(terms, root.value / scale);
  return {
    distance: Math.max(0, terms.meanTerm + covarianceTerm),
    errorBound: errorBound({
      dims: a.dims,
      ...terms,
      ranks: root.ranks,
      leftOut: root.leftOut,
      factored: [a.spread.kind === "covariance", b.spread.kind === "covariance"],
      dropped: root.dropped / scale,
    }),
    meanTerm: terms.meanTerm,
    covarianceTerm,
    route: [a.spread.kind, b.spread.kind],
  };
}
