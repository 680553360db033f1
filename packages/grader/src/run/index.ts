export { RunError } from "./errors.ts";
export { readStat } from "./processes.ts";
export type { Containment, Limits, RunOutcome, RunRequest, Verdict } from "./request.ts";
export { type RunOptions, run } from "./run.ts";
export { removeStaleRuns } from "./stale.ts";
