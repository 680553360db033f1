/** The key of a job's result: all that the result follows from, but for points, which are computed anew each time. */

import { existsSync } from "node:fs";
import { recordKey } from "../records/index.ts";
import { checkpointsOf } from "./builtin.ts";
import type { GradeContext } from "./context.ts";
import { VERSION } from "./environment.ts";
import { hashFile, hashFolder, hashListing } from "./hash-folder.ts";
import type { Inputs } from "./inputs.ts";
import type { Job } from "./jobs.ts";
import type { JobFolders } from "./workspace.ts";

export async function keyOf(
  { problem, column, variant, command }: Job,
  words: readonly string[],
  folders: JobFolders,
  { images, labels }: Inputs,
  { references, device, seed, env }: GradeContext,
): Promise<string> {
  const sets = column.metrics.flatMap((spec) =>
    "reference" in spec ? references.hidden([spec.reference]) : [],
  );
  const data = [...sets, ...(images === undefined ? [] : [images])].filter(existsSync);
  return recordKey({
    version: VERSION,
    problem: problem.id,
    variant,
    column: column.name,
    command,
    limits: { ...problem.limits },
    network: problem.network,
    gpu: problem.gpu,
    // Names of images are a template, which has a function.
    output: JSON.parse(JSON.stringify(problem.output)),
    metrics: JSON.parse(JSON.stringify(column.metrics)),
    submission: await hashFolder(folders.submission),
    checkpoints: await Promise.all(checkpointsOf(words).files.filter(existsSync).map(hashFile)),
    data: await Promise.all(data.map(hashListing)),
    labels: labels === undefined ? null : await hashFile(labels),
    device,
    seed,
    env: { ...env },
  });
}
