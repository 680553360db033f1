/** `Force_Best`: of all gradings of a student the best of each problem, by the leaderboard's first column that looks at it. */

import type { ProblemResult } from "@touchstone/grader";
import type { LeaderboardSettings } from "../policy/leaderboard-settings.ts";
import { metricOf, placeOf } from "./leaderboard.ts";

/** @param results the oldest first  @returns one of each problem and column; of equals the later one */
export function bestResults(
  results: readonly ProblemResult[],
  { columns }: LeaderboardSettings,
): ProblemResult[] {
  const inOrder = [...columns].sort((a, b) => a.index - b.index);
  const best = new Map<string, ProblemResult>();
  for (const result of results) {
    const place = placeOf(result);
    const before = best.get(place);
    if (before === undefined || !isBetter(before, result)) best.set(place, result);
  }
  return [...best.values()];

  function isBetter(a: ProblemResult, b: ProblemResult): boolean {
    for (const { key, sorting } of inOrder) {
      if (!key.startsWith(`${placeOf(a)}.`)) continue;
      const name = key.slice(placeOf(a).length + 1);
      const [x, y] = name === "points" ? [earned(a), earned(b)] : [metricOf(a, name), metricOf(b, name)];
      if (x === y) continue;
      if (x === undefined || y === undefined) return y === undefined;
      return sorting === "asc" ? x < y : x > y;
    }
    return earned(a) > earned(b);
  }
}

const earned = ({ points }: ProblemResult) => points.reduce((sum, line) => sum + line.earned, 0);
