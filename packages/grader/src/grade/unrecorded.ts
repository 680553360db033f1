/** Results of which there are no records. */

import type { ProblemResult } from "../results/results.ts";
import { NO_KEYS, notGradable } from "./grade-job.ts";
import type { Job } from "./jobs.ts";

/** Of what could not be graded, or not so much as be copied, there is no record. */
export const isRecorded = ({ status, key }: Pick<ProblemResult, "status" | "key">): boolean =>
  status !== "not-gradable" && key !== NO_KEYS.key;

/** Stands for the result of a job that there is none of: its points are open, and it has no time. */
export function unrecorded(job: Job, reason = "Nothing is recorded of it."): ProblemResult {
  return { ...notGradable(job, reason), gradedAt: "", phases: {} };
}
