/** The page of a grading: `report.html`, and the grading itself as `grading.json`, in one folder for each submission. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
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

/** @returns the page's path  @throws the system's errors */
export async function writePage(grading: Grading, jobs: readonly Job[], results: string): Promise<string> {
  const folder = join(results, "reports", safeName(grading.submission.id));
  await mkdir(folder, { recursive: true });
  const model = await reportModel(grading, {
    tables,
    outputOf: (result) => outputOf(result as ProblemResult, grading, jobs, results),
  });
  const page = join(folder, "report.html");
  await replaceFile(join(folder, "grading.json"), [Buffer.from(renderJson(grading))]);
  await replaceFile(page, [Buffer.from(renderReport(model))]);
  return page;
}

async function outputOf(
  result: ProblemResult,
  { submission }: Grading,
  jobs: readonly Job[],
  results: string,
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
  return { images, digits: await readDigits(output, spec) };
}

/** The score again, for what it was read as: a result keeps the shares alone. */
async function readDigits(output: string, spec: MetricSpec): Promise<DigitScore> {
  const classifier = await openClassifier("classifier" in spec ? spec.classifier : undefined);
  const source = await openImages(output);
  try {
    const work = scoreFolder(source, classifier, { numbering: false });
    for (;;) {
      const step = await work.next();
      if (step.done) return step.value.score;
    }
  } finally {
    await source.close();
    await classifier.dispose();
  }
}
