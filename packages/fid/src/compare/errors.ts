/** What can be wrong with a comparison. */

import { printable } from "@touchstone/cli";
import { FidError } from "../errors.ts";

/** A metric that needs more of a set than is known of it. */
export class MetricUnavailableError extends FidError {
  constructor(metric: string, path: string, needs: string, found: string) {
    super(
      "FID_METRIC_UNAVAILABLE",
      `Metric ${metric}: ${printable(path)}: expected ${needs}, found ${found}.`,
    );
  }
}
