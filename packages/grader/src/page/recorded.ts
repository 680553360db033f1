/** A grading put together from records alone: nothing runs. */

import type { Assignment } from "../assignment/index.ts";
import { BUILTIN } from "../grade/context.ts";
import { environment } from "../grade/environment.ts";
import { type Job, slotOf } from "../grade/index.ts";
import { type Deductions, totalOf, withPoints } from "../grade/points.ts";
import { openRecords } from "../records/index.ts";
import type { Grading, ProblemResult } from "../results/results.ts";
import { isOf } from "../results/slot.ts";
import { NothingRecordedError } from "./errors.ts";

/**
 * The newest record of each job that has one, with the points that the assignment gives now.
 *
 * @param submission its id; absent for the built-in models
 * @throws NothingRecordedError
 */
export async function recordedGrading(
  assignment: Assignment,
  jobs: readonly Job[],
  results: string,
  submission: string | undefined,
  deductions: Deductions = {},
): Promise<Grading> {
  const owner = submission ?? BUILTIN;
  const { records } = await openRecords(results).list(owner);
  const found = jobs.flatMap((job): ProblemResult[] => {
    const newest = records.findLast(({ result }) => isOf(result, slotOf(job, {})));
    return newest ? [withPoints(newest.result, job)] : [];
  });
  if (found.length === 0) throw new NothingRecordedError(results, owner);
  const { id, title, sha256 } = assignment;
  return {
    assignment: { id, title, sha256 },
    submission: { id: owner },
    results: found,
    ...(submission !== undefined && { points: totalOf(found, assignment, deductions) }),
    environment: records.at(-1)?.environment ?? environment(),
  };
}
