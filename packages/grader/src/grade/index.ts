/** Gradings: jobs, each run, scored and recorded. */

export { build } from "./build.ts";
export type { GradeContext } from "./context.ts";
export { grade } from "./grade.ts";
export { notGradable, slotOf } from "./grade-job.ts";
export { ALL, type Job, jobName, jobsOf, type Selection } from "./jobs.ts";
export { outputFolder } from "./output-folder.ts";
export type { Deductions } from "./points.ts";
export { isScorable } from "./score-again.ts";
export { isRecorded, unrecorded } from "./unrecorded.ts";
