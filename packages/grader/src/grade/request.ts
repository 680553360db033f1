/** How a job is run: its command filled in, what it may see, and its limits. */

import { join } from "node:path";
import { fillCommand } from "../assignment/index.ts";
import type { RunRequest } from "../run/index.ts";
import { BUILTIN_READABLE, builtinCommand, CHECKPOINTS } from "./builtin.ts";
import type { GradeContext } from "./context.ts";
import type { Inputs } from "./inputs.ts";
import type { Job } from "./jobs.ts";
import type { JobFolders } from "./workspace.ts";

/** Where a table is written. */
export const tablePath = ({ output }: JobFolders) => join(output, "predictions.csv");

/** The words of the job's command; of a built-in model, one of this repository's. */
export function commandOf({ command, column }: Job, folders: JobFolders, { images }: Inputs): string[] {
  return fillCommand(command, {
    out: folders.output,
    csv: tablePath(folders),
    submission: folders.submission,
    checkpoints: CHECKPOINTS,
    ...(images !== undefined && { images }),
    ...(column.name !== undefined && { column: column.name }),
  });
}

export function requestOf(
  job: Job,
  words: readonly string[],
  folders: JobFolders,
  { images, labels }: Inputs,
  context: GradeContext,
): RunRequest {
  const { problem, column, isBuiltin } = job;
  const { references, signal } = context;
  const metrics = problem.columns.flatMap((each) => each.metrics);
  const sets = metrics.flatMap((spec) => ("reference" in spec ? [spec.reference] : []));
  return {
    command: isBuiltin ? builtinCommand(words) : words,
    cwd: folders.submission,
    writable: [folders.output],
    readable: [
      ...(images === undefined ? [] : [images]),
      ...(isBuiltin ? BUILTIN_READABLE : []),
      ...context.readable,
    ],
    hidden: [
      ...references.hidden(sets),
      ...references.hidden(column.labels ? [column.labels] : []).filter((path) => path !== images),
      ...(labels === undefined ? [] : [labels]),
      ...context.hidden,
    ],
    network: problem.network,
    gpu: problem.gpu,
    env: context.env,
    limits: problem.limits,
    ...(signal && { signal }),
  };
}
