/** The key of a job's result: all that the result follows from, but for points, which are computed anew each time. */

import { existsSync } from "node:fs";
import { type Json, recordKey } from "../records/index.ts";
import { checkpointsOf } from "./builtin.ts";
import type { GradeContext } from "./context.ts";
import { VERSION } from "./environment.ts";
import { hashFile, hashFolder, hashListing } from "./hash-folder.ts";
import type { Inputs } from "./inputs.ts";
import type { Job } from "./jobs.ts";
import type { JobFolders } from "./workspace.ts";

export async function keyOf(
  job: Job,
  words: readonly string[],
  folders: JobFolders,
  { images, labels }: Inputs,
  context: GradeContext,
): Promise<string> {
  const { problem, column, variant, command, isBuiltin } = job;
  const { device, seed, env, readable, hidden, containment } = context;
  const data = [...dataOf(job, context), ...(images === undefined ? [] : [images])].filter(existsSync);
  const checkpoints = isBuiltin ? checkpointsOf(words) : [];
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
    output: asJson(problem.output),
    // Baselines are for points alone.
    metrics: column.metrics.map(({ baselines: _, ...spec }) => asJson(spec)),
    submission: await hashFolder(folders.submission),
    checkpoints: await Promise.all(checkpoints.map(hashFile)),
    data: await Promise.all(data.map(hashListing)),
    labels: labels === undefined ? null : await hashFile(labels),
    device,
    seed,
    env: { ...env },
    readable,
    hidden,
    containment,
  });
}

/** Reference images, and weights that somebody names. */
function dataOf({ column: { metrics } }: Job, { references }: GradeContext): string[] {
  const inception = process.env.TOUCHSTONE_INCEPTION;
  return metrics.flatMap((spec) => {
    const files: string[] = [];
    if ("reference" in spec) files.push(...references.places(spec.reference));
    if ("extractor" in spec && spec.extractor === "inception" && inception) files.push(inception);
    if ("extractor" in spec && /\.onnx$/i.test(spec.extractor)) files.push(references.file(spec.extractor));
    if ("classifier" in spec && spec.classifier !== undefined) files.push(references.file(spec.classifier));
    return files;
  });
}

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as Json;
