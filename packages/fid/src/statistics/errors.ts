/** What can be wrong with features and their statistics. */

import { FidError } from "../errors.ts";

/** An array that does not hold whole feature vectors, or vectors of another width. */
export class FeatureShapeError extends FidError {
  constructor(what: string, expected: string, found: string) {
    super("FID_FEATURE_SHAPE", `${what}: expected ${expected}, found ${found}.`);
  }
}

/** A feature that is NaN or infinite. */
export class NonFiniteFeatureError extends FidError {
  /** @param image which one: its number or its file */
  constructor(image: string, feature: number, found: number) {
    super(
      "FID_NON_FINITE_FEATURE",
      `${image}, feature ${feature} (counted from 0): expected a finite number, found ${found}. ` +
        "Look at that image and at the extractor's weights.",
    );
  }
}

/** Features so large that their squares are not finite. */
export class FeatureRangeError extends FidError {
  constructor() {
    super(
      "FID_FEATURE_RANGE",
      "Features: expected a finite variance, found an infinite one. Scale the features down.",
    );
  }
}

/** Fewer images than a covariance needs. */
export class TooFewImagesError extends FidError {
  constructor(found: number) {
    super(
      "FID_TOO_FEW_IMAGES",
      `Images: expected at least 2, of which a covariance can be computed, found ${found}.`,
    );
  }
}
