/** The page of a grading: `report.html`, and the grading itself as `grading.json`, in one folder for each submission. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DeviceName, ProgressRenderer } from "@touchstone/cli";
import { replaceFile } from "@touchstone/nn";
import { figureFiles, renderReport, reportModel } from "@touchstone/report";
import { type Job, slotOf } from "../grade/index.ts";
import { tables } from "../reporters/tables.ts";
import type { Grading, ProblemResult } from "../results/results.ts";
import { isOf } from "../results/slot.ts";
import { openReferences } from "../score/references.ts";
import { keepGrading, reportOf } from "./kept-grading.ts";
import { outputOf } from "./output-of.ts";

export interface PageOptions {
  /** Where records and output are. Absolute, as all folders here. */
  results: string;
  /** Where the assignment's file is. */
  assignment: string;
  /** In the homework's layout: images of maps, training faces. Default: TOUCHSTONE_DATA, then the cache. */
  data?: string;
  /** Also every figure as a file by itself, here. */
  figures?: string;
  /** Where our networks run. Default "cpu". */
  device?: DeviceName;
  signal?: AbortSignal;
}

const UNSEEN: ProgressRenderer = { show: () => {}, end: () => {} };

/**
 * What figures need of networks is computed once and kept in the results.
 *
 * @returns the page's path  @throws the signal's reason; the system's errors
 */
export async function writePage(
  grading: Grading,
  jobs: readonly Job[],
  { results, assignment, data, figures, device = "cpu", signal }: PageOptions,
  renderer: ProgressRenderer = UNSEEN,
): Promise<string> {
  const references = openReferences({ base: assignment, ...(data !== undefined && { data }) });
  const context = { results, references, device, ...(signal && { signal }) };
  const model = await reportModel(grading, {
    tables,
    outputOf: (result) => {
      const job = jobs.find((job) => isOf(result as ProblemResult, slotOf(job, {})));
      return job && outputOf(result as ProblemResult, job, grading.submission.id, context, renderer);
    },
  });
  const page = join(reportOf(results, grading.submission.id), "report.html");
  await keepGrading(results, grading);
  await replaceFile(page, [Buffer.from(renderReport(model))]);
  if (figures !== undefined) {
    await mkdir(figures, { recursive: true });
    for (const { name, bytes } of await figureFiles(model)) await replaceFile(join(figures, name), [bytes]);
  }
  return page;
}
