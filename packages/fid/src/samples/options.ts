/** Checks of options. */

import { MetricOptionError } from "./errors.ts";

/** @param why what `most` is: `the smaller side's samples`  @throws MetricOptionError unless `value` is a whole number within [least, most] */
export function requireWhole(
  option: string,
  value: number,
  least: number,
  most?: number,
  why?: string,
): void {
  if (Number.isSafeInteger(value) && value >= least && value <= (most ?? value)) return;
  const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new MetricOptionError(option, `a whole number ${range}${why ? `, ${why}` : ""}`, value);
}
