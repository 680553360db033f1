/** What the Frechet distance consists of besides the trace of the root: sums in float64 that cost next to nothing. */

import type { Side } from "../linear-algebra/index.ts";
import { type Statistics, totalVariance } from "../statistics/index.ts";
import { compensatedSum } from "../statistics/sum.ts";
import {
  DimensionMismatchError,
  type Names,
  NonFiniteStatisticsError,
  NotACovarianceError,
} from "./errors.ts";

export interface Terms {
  /** |mu1 - mu2|^2 */
  meanTerm: number;
  /** tr(S1), tr(S2) */
  variances: readonly [number, number];
}

export const NAMES: Names = ["the first statistics", "the second statistics"];

/** A factor that misses this part of a covariance, in the Frobenius norm relative to the trace, is none of it. */
const NOT_A_COVARIANCE = 1e-3;

/** @throws DimensionMismatchError, NonFiniteStatisticsError */
export function termsOf(a: Statistics, b: Statistics, names: Names = NAMES): Terms {
  if (a.dims !== b.dims) throw new DimensionMismatchError(names, a.dims, b.dims);
  const variances = [totalVariance(a), totalVariance(b)] as const;
  const meanTerm = compensatedSum(a.dims, (i) => (a.mean[i]! - b.mean[i]!) ** 2);
  if (!allFinite(a) || !allFinite(b) || !Number.isFinite(meanTerm + variances[0] + variances[1])) {
    throw new NonFiniteStatisticsError(names);
  }
  return { meanTerm, variances };
}

/** tr(S1) + tr(S2) - 2 tr((S1 S2)^(1/2)) */
export function covarianceTermOf({ variances }: Terms, traceOfRoot: number): number {
  return compensatedSum(3, (i) => [variances[0], variances[1], -2 * traceOfRoot][i]!);
}

/** @param leftOut Frobenius norm of what the factors lack of the covariances  @throws NotACovarianceError */
export function requireCovariances(
  { variances }: Terms,
  leftOut: readonly [number, number],
  names: Names = NAMES,
): void {
  leftOut.forEach((norm, i) => {
    if (!(norm <= NOT_A_COVARIANCE * variances[i]!)) throw new NotACovarianceError(names[i]!);
  });
}

function allFinite({ spread }: Statistics): boolean {
  return (spread.kind === "features" ? spread.centred : spread.covariance).every(Number.isFinite);
}

export function sideOf({ spread }: Statistics): Side {
  return spread.kind === "features"
    ? { kind: "factor", rows: spread.n, values: spread.centred }
    : { kind: "matrix", values: spread.covariance };
}

/** F^T F is this many times S. */
export function divisorOf({ spread }: Statistics): number {
  return spread.kind === "features" ? spread.n - 1 : 1;
}
