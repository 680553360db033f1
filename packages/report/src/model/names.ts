/** What runs are called on a page. */

import { oneLine } from "../text.ts";
import type { ResultInput } from "./grading.ts";

/** `DANN, svhn`. */
export function runName({ variant, column }: Pick<ResultInput, "variant" | "column">): string {
  return oneLine(column === undefined ? variant : `${variant}, ${column}`, 120);
}

/** `p3, DANN, svhn`. */
export function fullName(result: Pick<ResultInput, "problem" | "variant" | "column">): string {
  return `${oneLine(result.problem, 60)}, ${runName(result)}`;
}

export const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
