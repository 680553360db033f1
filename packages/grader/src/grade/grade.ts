/** `grade(assignment, jobs, context)`: all jobs, one after another, each recorded as soon as it is done. */

import type { Work } from "@touchstone/cli";
import type { Assignment } from "../assignment/index.ts";
import type { Grading, ProblemResult } from "../results/results.ts";
import { submissionRoot } from "../submission/index.ts";
import { BUILTIN, type GradeContext } from "./context.ts";
import { environment } from "./environment.ts";
import { gradeJob } from "./grade-job.ts";
import { type Job, jobName } from "./jobs.ts";
import { type Deductions, totalOf } from "./points.ts";
import { openResults } from "./workspace.ts";

/**
 * @throws the signal's reason: what is done by then is recorded. Before anything runs: UnknownPenaltyError, NoSubmissionError,
 *   ResultsFolderError. At any time: RecordWriteError
 */
export async function* grade(
  assignment: Assignment,
  jobs: readonly Job[],
  context: GradeContext,
  deductions: Deductions = {},
): Work<Grading> {
  const { id, title, sha256 } = assignment;
  totalOf([], assignment, deductions); // An unknown penalty should not show only after hours.
  if (context.submission) await submissionRoot(context.submission.path);
  await openResults(context.results);
  const results: ProblemResult[] = [];
  for (const [done, job] of jobs.entries()) {
    yield { label: `grading: ${jobName(job)}`, done, total: jobs.length, unit: "runs" };
    results.push(yield* gradeJob(job, context));
  }
  return {
    assignment: { id, title, sha256 },
    submission: { id: context.submission?.id ?? BUILTIN },
    results,
    ...(context.submission && { points: totalOf(results, assignment, deductions) }),
    environment: environment(),
  };
}
