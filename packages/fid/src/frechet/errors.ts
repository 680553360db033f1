/** Why two sets of statistics have no Frechet distance. */

import { FidError } from "../errors.ts";

/** Statistics of different numbers of features. */
export class DimensionMismatchError extends FidError {
  constructor(a: number, b: number) {
    super(
      "FID_DIMENSION_MISMATCH",
      `Statistics to compare: expected the same number of features, found ${a} and ${b}. ` +
        "Compute both from the same layer of the same network.",
    );
  }
}

/** A matrix that cannot be a covariance. */
export class NotACovarianceError extends FidError {
  constructor(which: "first" | "second") {
    super(
      "FID_NOT_A_COVARIANCE",
      `Covariance of the ${which} statistics: expected a positive semi-definite matrix, found one with negative ` +
        "eigenvalues. Compute the statistics again.",
    );
  }
}

/** Statistics that hold NaN or infinities, or numbers whose squares are infinite. */
export class NonFiniteStatisticsError extends FidError {
  constructor() {
    super(
      "FID_NON_FINITE_STATISTICS",
      "Statistics to compare: expected finite means and covariances, found NaN, infinities or numbers too large to square. " +
        "Compute the statistics again.",
    );
  }
}
