/** What can be wrong with a score that is computed again and again. */

import { FidError } from "../errors.ts";

export class ScoreNotFiniteError extends FidError {
  constructor(which: string, found: unknown) {
    super(
      "FID_SCORE_NOT_FINITE",
      `The score of ${which}: expected a finite number, found ${String(found)}. ` +
        "It may need more samples than it was given, or samples that differ.",
    );
  }
}
