/** Several submissions side by side: one page, and one table of each problem with a row for each of them. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "@touchstone/nn";
import { comparisonModel, renderReport } from "@touchstone/report";
import type { Grading } from "../results/results.ts";

/**
 * @param gradings at least two, of one assignment
 * @param results where the page is written, as `comparison.html`
 * @returns the page's path  @throws the system's errors
 */
export async function writeComparison(gradings: readonly Grading[], results: string): Promise<string> {
  const model = await comparisonModel(gradings.map((grading) => ({ name: grading.submission.id, grading })));
  const page = join(results, "comparison.html");
  await mkdir(results, { recursive: true });
  await replaceFile(page, [Buffer.from(renderReport(model))]);
  return page;
}

/** For tables: runs are called by whose they are. Points are those of each run; what is taken off as a whole is not in it. */
export function sideBySide(gradings: readonly Grading[]): Grading {
  const [first] = gradings;
  if (first === undefined) throw new Error("no gradings");
  const { points: _, ...rest } = first;
  return {
    ...rest,
    submission: { id: gradings.map(({ submission }) => submission.id).join(", ") },
    results: gradings.flatMap(({ submission: { id }, results }) =>
      results.map((result) => ({ ...result, variant: id })),
    ),
  };
}
