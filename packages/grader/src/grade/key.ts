/**
 * The keys of a job: of its run, all that what it makes follows from; of its result, that and all that the scores follow from. Points are
 * computed anew each time. A reference that is exchanged, or weights that come later, leave the run what it was.
 */

import { existsSync } from "node:fs";
import { type Json, recordKey } from "../records/index.ts";
import type { ProblemResult } from "../results/results.ts";
import { checkpointsOf } from "./builtin.ts";
import type { GradeContext } from "./context.ts";
import { VERSION } from "./environment.ts";
import { hashData, hashFile, hashFolder } from "./hash-folder.ts";
import type { Inputs } from "./inputs.ts";
import type { Job } from "./jobs.ts";
import type { JobFolders } from "./workspace.ts";

export type Keys = Pick<ProblemResult, "runKey" | "key">;

export async function keysOf(
  job: Job,
  words: readonly string[],
  folders: Pick<JobFolders, "submission">,
  { images, labels }: Inputs,
  context: GradeContext,
): Promise<Keys> {
  const { problem, column, variant, command, isBuiltin } = job;
  const { device, seed, env, readable, hidden, containment } = context;
  const checkpoints = isBuiltin ? checkpointsOf(words) : [];
  const runKey = recordKey({
    version: VERSION,
    problem: problem.id,
    variant,
    column: column.name,
    command,
    limits: { ...problem.limits },
    network: problem.network,
    gpu: problem.gpu,
    timed: problem.timed,
    submission: await hashFolder(folders.submission),
    checkpoints: await Promise.all(checkpoints.map(hashFile)),
    images: images !== undefined && existsSync(images) ? await hashData(images) : null,
    env: { ...env },
    readable,
    hidden,
    containment,
  });
  const key = recordKey({
    run: runKey,
    // Names of images are a template, which has a function.
    output: asJson(problem.output),
    // Baselines are for points alone.
    metrics: column.metrics.map(({ baselines: _, ...spec }) => asJson(spec)),
    data: await Promise.all(dataOf(job, context).filter(existsSync).map(hashData)),
    labels: labels === undefined ? null : await hashFile(labels),
    device,
    seed,
  });
  return { runKey, key };
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
