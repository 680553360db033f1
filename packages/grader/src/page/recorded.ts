/** A grading put together from what was kept alone: nothing runs. */

import type { Assignment } from "../assignment/index.ts";
import { BUILTIN } from "../grade/context.ts";
import { environment } from "../grade/environment.ts";
import { type Job, slotOf, unrecorded } from "../grade/index.ts";
import { type Deductions, totalOf, withPoints } from "../grade/points.ts";
import { openRecords } from "../records/index.ts";
import type { Grading } from "../results/results.ts";
import { isOf, newestResults } from "../results/slot.ts";
import { NothingRecordedError } from "./errors.ts";
import { type Kept, keptGrading } from "./kept-grading.ts";

/**
 * The newest result of each job, with the points that the assignment gives now. Of a built-in model, jobs without a record are left out; a
 * submission's are open.
 *
 * @param submission its id; absent for the built-in models
 * @param given what is taken off; by default what its last grading was given
 * @throws NothingRecordedError, KeptGradingError, UnknownPenaltyError
 */
export async function recordedGrading(
  assignment: Assignment,
  jobs: readonly Job[],
  results: string,
  submission: string | undefined,
  given?: Deductions,
): Promise<Grading> {
  const owner = submission ?? BUILTIN;
  const { records } = await openRecords(results).list(owner);
  const kept = submission === undefined ? NOTHING : await keptOf(submission);
  const newest = newestResults([...records.map(({ result }) => result), ...kept.unrecorded]);
  const found = jobs.map((job) => newest.find((result) => isOf(result, slotOf(job, {}))));
  if (found.every((result) => result === undefined)) throw new NothingRecordedError(results, owner);
  const complete = jobs.flatMap((job, i) => {
    const result = found[i];
    if (result) return [withPoints(result, job)];
    return submission === undefined ? [] : [unrecorded(job)];
  });
  const { id, title, sha256 } = assignment;
  return {
    assignment: { id, title, sha256 },
    submission: { id: owner },
    results: complete,
    ...(submission !== undefined && { points: totalOf(complete, assignment, given ?? kept.given) }),
    environment: records.at(-1)?.environment ?? environment(),
  };

  async function keptOf(submission: string): Promise<Kept> {
    try {
      return (await keptGrading(results, submission, assignment)) ?? NOTHING;
    } catch (error) {
      // Where it is said anew what is taken off, nothing hangs on it.
      if (given === undefined) throw error;
      return NOTHING;
    }
  }
}

const NOTHING: Kept = { given: {}, unrecorded: [] };
