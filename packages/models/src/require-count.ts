/** A check that all recipes and samplers make of their options. */

import { OptionError } from "@touchstone/nn";

/** @throws OptionError */
export function requireCount(option: string, value: number, least = 1): void {
  if (!Number.isInteger(value) || value < least) {
    throw new OptionError(option, `a whole number, ${least} or more`, value);
  }
}
