/**
 * What was run is not run again to be scored by another reference or by weights that were missing, nor for a value that something on our side
 * stood in the way of: its output was kept.
 */

import { existsSync } from "node:fs";
import type { Work } from "@touchstone/cli";
import type { Metric, ProblemResult } from "../results/results.ts";
import { score } from "../score/score.ts";
import type { GradeContext } from "./context.ts";
import type { Inputs } from "./inputs.ts";
import type { Job } from "./jobs.ts";
import { validate } from "./judge.ts";
import type { JobFolders } from "./workspace.ts";

const isPassing = ({ fault }: Metric) => fault === "passing";

export function isUnfinished({ metrics }: ProblemResult): boolean {
  return metrics.some(isPassing);
}

/** Whether what it made is still there to be scored. Of a run that was broken off nothing is needed. */
export function isScorable({ run }: ProblemResult, output: string): boolean {
  return run !== undefined && (run.verdict !== "ok" || existsSync(output));
}

/** @returns `known` itself where nothing has changed */
export async function* completed(
  known: ProblemResult,
  job: Job,
  folders: Pick<JobFolders, "output">,
  inputs: Inputs,
  context: GradeContext,
): Work<ProblemResult> {
  const { output } = yield* validate(job, folders, inputs, context);
  if (output === undefined || known.run === undefined) return known;
  try {
    const open = known.metrics.filter(isPassing).map(({ name }) => name);
    const specs = job.column.metrics.filter(({ name }) => open.includes(name));
    const found = yield* score(specs, { ...context, output, run: known.run });
    if ([...found.values()].flat().every(isPassing)) return known;
    const metrics = known.metrics.flatMap((metric) =>
      isPassing(metric) ? (found.get(metric.name) ?? [metric]) : [metric],
    );
    return { ...known, metrics, gradedAt: new Date().toISOString() };
  } finally {
    if (output.kind === "images") await output.images.close();
  }
}
