/** What a leaderboard can show of an assignment. */

import { type Problem, valuesOf } from "@touchstone/grader";

/** `points`, `p1.points`, `p1.seconds`, `p1.fid`; with columns `p3.svhn.accuracy`. */
export function leaderboardKeys(problems: readonly Problem[]): string[] {
  return [
    "points",
    ...problems.flatMap(({ id, columns }) => [
      `${id}.points`,
      ...columns.flatMap(({ name, metrics }) => {
        const place = name === undefined ? id : `${id}.${name}`;
        return [`${place}.seconds`, ...metrics.flatMap(valuesOf).map((metric) => `${place}.${metric}`)];
      }),
    ]),
  ];
}
