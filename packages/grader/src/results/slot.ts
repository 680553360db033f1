/** What a result is of: a problem, run by a variant, for a column where there are some. */

import type { ProblemResult } from "./results.ts";

type Place = Pick<ProblemResult, "problem" | "variant" | "column">;

export function isOf(result: Place, { problem, variant, column }: Place): boolean {
  return result.problem === problem && result.variant === variant && result.column === column;
}

/** The newest of each, in the order of their times. */
export function newestResults(results: readonly ProblemResult[]): ProblemResult[] {
  const inOrder = [...results].sort(
    (a, b) => Number(a.gradedAt > b.gradedAt) - Number(a.gradedAt < b.gradedAt),
  );
  return [...new Map(inOrder.map((result) => [placeKey(result), result])).values()];
}

/** Equal for results of the same; names may hold anything. */
export const placeKey = ({ problem, variant, column }: Place): string =>
  JSON.stringify([problem, variant, column ?? null]);
