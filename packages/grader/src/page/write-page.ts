/** The page of a grading: `report.html`, and the grading itself as `grading.json`, in one folder for each submission. */

import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { follow, type ProgressRenderer } from "@touchstone/cli";
import { openImages } from "@touchstone/datasets";
import { type DigitScore, openClassifier, scoreFolder } from "@touchstone/digit-classifier";
import { replaceFile } from "@touchstone/nn";
import { type RunOutput, readImagesOf, renderReport, reportModel } from "@touchstone/report";
import type { MetricSpec } from "../assignment/index.ts";
import { type Job, outputFolder, slotOf } from "../grade/index.ts";
import { safeName } from "../records/index.ts";
import { renderJson } from "../reporters/json.ts";
import { tables } from "../reporters/tables.ts";
import type { Grading, ProblemResult } from "../results/results.ts";

/**
 * @param folders.results where records and output are  @param folders.assignment where the assignment's file is
 * @returns the page's path  @throws the system's errors
 */
export async function writePage(grading: Grading, jobs: readonly Job[], folders: Folders): Promise<string> {
  const { results } = folders;
  const folder = join(results, "reports", safeName(grading.submission.id));
  await mkdir(folder, { recursive: true });
  const model = await reportModel(grading, {
    tables,
    outputOf: (result) => outputOf(result as ProblemResult, grading, jobs, folders),
  });
  const page = join(folder, "report.html");
  await replaceFile(join(folder, "grading.json"), [Buffer.from(renderJson(grading))]);
  await replaceFile(page, [Buffer.from(renderReport(model))]);
  return page;
}

/** Absolute paths. */
interface Folders {
  results: string;
  assignment: string;
}

const UNSEEN: ProgressRenderer = { show: () => {}, end: () => {} };

async function outputOf(
  result: ProblemResult,
  { submission }: Grading,
  jobs: readonly Job[],
  { results, assignment }: Folders,
): Promise<RunOutput> {
  const job = jobs.find(
    ({ problem, variant, column }) =>
      problem.id === result.problem && variant === result.variant && column.name === result.column,
  );
  if (job?.problem.output.kind !== "images") return {};
  const output = outputFolder(results, { ...slotOf(job, {}), submission: submission.id }, result.key);
  const images = await readImagesOf(output);
  const spec = job.column.metrics.find(({ kind }) => kind === "digit-accuracy");
  if (result.status !== "graded" || images.length === 0 || !spec) return { images };
  return { images, digits: await readDigits(output, spec, assignment) };
}

/** The score again, for what it was read as: a result keeps the shares alone. */
async function readDigits(output: string, spec: MetricSpec, assignment: string): Promise<DigitScore> {
  const named = "classifier" in spec ? spec.classifier : undefined;
  const classifier = await openClassifier(named === undefined ? undefined : resolve(assignment, named));
  const source = await openImages(output);
  try {
    const work = scoreFolder(source, classifier, { numbering: false });
    return (await follow(work, UNSEEN)).score;
  } finally {
    await source.close();
    await classifier.dispose();
  }
}
