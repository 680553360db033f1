/** What can be wrong with samples and with the options of a metric. */

import { FidError } from "../errors.ts";

/** A number that is NaN, infinite or absurdly large. */
export class NumberRangeError extends FidError {
  constructor(what: string, row: number, column: number, limit: number, found: number) {
    super(
      "FID_NUMBER_RANGE",
      `${what}: expected finite numbers of a magnitude up to ${limit}, found ${found} in row ${row}, column ${column}. ` +
        "Look at that image and at the network's weights.",
    );
  }
}

export class TooFewSamplesError extends FidError {
  constructor(what: string, expected: string, found: number) {
    super("FID_TOO_FEW_SAMPLES", `${what}: expected ${expected}, found ${found}.`);
  }
}

/** Numbers that are no table of samples by dimensions, or tables that do not go together. */
export class SampleShapeError extends FidError {
  constructor(what: string, expected: string, found: string) {
    super("FID_SAMPLE_SHAPE", `${what}: expected ${expected}, found ${found}.`);
  }
}

export class MetricOptionError extends FidError {
  constructor(option: string, expected: string, found: unknown) {
    super("FID_METRIC_OPTION", `Option ${option}: expected ${expected}, found ${String(found)}.`);
  }
}
