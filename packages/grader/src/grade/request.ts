/** How a job is run: its command filled in, what it may see, and its limits. */

import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder } from "@touchstone/datasets";
// Not the package itself, whose networks take a second to load.
import { CHECKPOINTS } from "@touchstone/models/shipped";
import { fillCommand } from "../assignment/index.ts";
import type { RunRequest } from "../run/index.ts";
import { BUILTIN_READABLE, builtinCommand, checkpointsOf } from "./builtin.ts";
import type { GradeContext } from "./context.ts";
import type { Inputs } from "./inputs.ts";
import type { Job } from "./jobs.ts";
import type { JobFolders } from "./workspace.ts";

/** Where a table is written. */
export const tablePath = ({ output }: Pick<JobFolders, "output">) => join(output, "predictions.csv");

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
  inputs: Inputs,
  context: GradeContext,
): RunRequest {
  const { problem, isBuiltin } = job;
  const { signal } = context;
  const { images } = inputs;
  return {
    command: isBuiltin ? builtinCommand(words) : words,
    cwd: folders.submission,
    writable: [folders.output],
    readable: [
      ...(images === undefined ? [] : [images]),
      ...(isBuiltin ? [...BUILTIN_READABLE, ...checkpointsOf(words)] : []),
      ...context.readable,
    ],
    hidden: hiddenOf(job, inputs, context),
    network: problem.network,
    gpu: problem.gpu,
    env: context.env,
    limits: problem.limits,
    ...(signal && { signal }),
  };
}

/** Whatever of it does not lie in a folder that is shown is invisible anyway. What lies deeper in it and is readable shows. */
function hiddenOf({ problem }: Job, { images, labels }: Inputs, context: GradeContext): string[] {
  const { references, results, submission, hidden } = context;
  const data = problem.columns.flatMap(({ metrics, labels, images }) => [
    ...metrics.flatMap((spec) => ("reference" in spec ? [spec.reference] : [])),
    ...(labels ? [labels] : []),
    ...(images ? [images] : []),
  ]);
  // Other students.
  const neighbours = submission ? [submission.path, realpathSync(submission.path)].map(dirname) : [];
  return [
    ...data.flatMap((reference) => references.places(reference)),
    ...(labels === undefined ? [] : [labels]),
    ...[results, cacheFolder(), ...neighbours, ...hidden],
  ].filter((path) => path !== images);
}
