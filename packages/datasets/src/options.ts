/** Checks that several options share. */

import { InvalidOptionError } from "./errors.ts";

/** @throws InvalidOptionError */
export function requirePositiveInteger(option: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidOptionError(option, "a positive integer", value);
  }
}
