/** Results without most of what submissions printed: a class of all of it does not fit into memory, and the records have it. */

import type { ProblemResult } from "./results.ts";

/** @param letters of standard output and of standard error that are left, their ends */
export function withEndOfOutput(result: ProblemResult, letters: number): ProblemResult {
  const { run } = result;
  if (!run) return result;
  const end = (text: string) => text.slice(-letters);
  return { ...result, run: { ...run, stdout: end(run.stdout), stderr: end(run.stderr) } };
}
