/** The Frechet distance of two Gaussians (Frechet 1957; Dowson and Landau 1982), which is FID where the features are Inception's. */

import { type Side, traceOfRoot } from "../linear-algebra/index.ts";
import { type Statistics, totalVariance } from "../statistics/index.ts";
import { compensatedSum } from "../statistics/sum.ts";
import { errorBound } from "./error-bound.ts";
import { DimensionMismatchError, NonFiniteStatisticsError, NotACovarianceError } from "./errors.ts";

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
}

/** A factor that misses this part of a covariance, in the Frobenius norm relative to the trace, is none of it. */
const NOT_A_COVARIANCE = 1e-3;

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
  { threads }: FrechetOptions = {},
): Promise<FrechetDistance> {
  if (a.dims !== b.dims) throw new DimensionMismatchError(a.dims, b.dims);
  const variances = [totalVariance(a), totalVariance(b)] as const;
  const meanTerm = compensatedSum(a.dims, (i) => (a.mean[i]! - b.mean[i]!) ** 2);
  if (!allFinite(a) || !allFinite(b) || !Number.isFinite(meanTerm + variances[0] + variances[1])) {
    throw new NonFiniteStatisticsError();
  }
  const root = await traceOfRoot(a.dims, sideOf(a), sideOf(b), threads);
  root.leftOut.forEach((norm, i) => {
    if (!(norm <= NOT_A_COVARIANCE * variances[i]!)) {
      throw new NotACovarianceError(i === 0 ? "first" : "second");
    }
  });
  const scale = Math.sqrt(divisorOf(a)) * Math.sqrt(divisorOf(b));
  const covarianceTerm = compensatedSum(
    3,
    (i) => [variances[0], variances[1], (-2 * root.value) / scale][i]!,
  );
  return {
    distance: Math.max(0, meanTerm + covarianceTerm),
    errorBound: errorBound({
      dims: a.dims,
      meanTerm,
      variances,
      ranks: root.ranks,
      leftOut: root.leftOut,
      factored: [a.spread.kind === "covariance", b.spread.kind === "covariance"],
      dropped: root.dropped / scale,
    }),
    meanTerm,
    covarianceTerm,
    route: [a.spread.kind, b.spread.kind],
  };
}

function allFinite({ spread }: Statistics): boolean {
  return (spread.kind === "features" ? spread.centred : spread.covariance).every(Number.isFinite);
}

function sideOf({ spread }: Statistics): Side {
  return spread.kind === "features"
    ? { kind: "factor", rows: spread.n, values: spread.centred }
    : { kind: "matrix", values: spread.covariance };
}

/** F^T F is this many times S. */
function divisorOf({ spread }: Statistics): number {
  return spread.kind === "features" ? spread.n - 1 : 1;
}
