/** Points that somebody has set by hand, in place of the rubric's. */

import { type PointsLine, type ProblemResult, shortNumber } from "@touchstone/grader";
import type { Override } from "../policy/policy.ts";

export const BY_HAND = "set by hand";

/**
 * The lines of what an override is about become one line with its reason, at the first of its results. One of a whole problem comes after
 * those of its columns.
 */
export function withOverrides(
  results: readonly ProblemResult[],
  overrides: readonly Override[],
): ProblemResult[] {
  const ofColumnsFirst = [...overrides].sort(
    (a, b) => Number(a.column === undefined) - Number(b.column === undefined),
  );
  return ofColumnsFirst.reduce(withOverride, [...results]);
}

function withOverride(
  results: ProblemResult[],
  { problem, column, points, reason }: Override,
): ProblemResult[] {
  const isMeant = (result: ProblemResult) =>
    result.problem === problem && (column === undefined || result.column === column);
  const first = results.find(isMeant);
  const before = results.filter(isMeant).flatMap((result) => result.points);
  const possible = sum(before, (line) => line.possible);
  const earned = sum(before, (line) => (line.undecided === undefined ? line.earned : 0));
  const line: PointsLine = {
    label: BY_HAND,
    earned: points,
    possible,
    because: `${reason} (before: ${shortNumber(earned)} of ${shortNumber(possible)})`,
  };
  return results.map((result) =>
    isMeant(result) ? { ...result, points: result === first ? [line] : [] } : result,
  );
}

const sum = (lines: readonly PointsLine[], of: (line: PointsLine) => number) =>
  lines.reduce((total, line) => total + of(line), 0);
