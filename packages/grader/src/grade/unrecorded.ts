/** What stands for the result of a job that there is none of. */

import type { ProblemResult } from "../results/results.ts";
import { notGradable } from "./grade-job.ts";
import type { Job } from "./jobs.ts";

/** Its points are open, and it has no time. */
export function unrecorded(job: Job, reason = "Nothing is recorded of it."): ProblemResult {
  return { ...notGradable(job, reason), gradedAt: "", phases: {} };
}
