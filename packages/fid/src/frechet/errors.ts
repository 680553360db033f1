/** Why two sets of statistics have no Frechet distance. */

import { printable } from "@touchstone/cli";
import { FidError } from "../errors.ts";

/** How messages call the two: the files they come from, say. */
export type Names = readonly [string, string];

/** Statistics of different numbers of features. */
export class DimensionMismatchError extends FidError {
  constructor([first, second]: Names, a: number, b: number) {
    super(
      "FID_DIMENSION_MISMATCH",
      `${printable(first)} and ${printable(second)}: expected the same number of features, found ${a} and ${b}. ` +
        "Compute both from the same layer of the same network.",
    );
  }
}

/** A matrix that cannot be a covariance. */
export class NotACovarianceError extends FidError {
  constructor(name: string) {
    super(
      "FID_NOT_A_COVARIANCE",
      `Covariance of ${printable(name)}: expected a positive semi-definite matrix, found one with negative ` +
        "eigenvalues. Compute the statistics again.",
    );
  }
}

/** Statistics that hold NaN or infinities, or numbers whose squares are infinite. */
export class NonFiniteStatisticsError extends FidError {
  constructor([first, second]: Names) {
    super(
      "FID_NON_FINITE_STATISTICS",
      `${printable(first)} and ${printable(second)}: expected finite means and covariances, found NaN, infinities or numbers too ` +
        "large to square. Compute the statistics again.",
    );
  }
}
