/** A page for each student, that shows nobody else. */

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Work } from "@touchstone/cli";
import { type Grading, type Job, reporters, safeName, writePage } from "@touchstone/grader";
import { isPlaceholder, type StudentGrading } from "../grading/class-grading.ts";

export interface PagesOptions {
  /** Absolute, as all folders here. */
  results: string;
  /** Where the assignment's file is. */
  assignment: string;
  data?: string;
  signal?: AbortSignal;
  forStudent(graded: StudentGrading): Grading;
}

/**
 * Writes `RESULTS/reports/STUDENT/report.html` of everyone of whom there is a result. A page of a grading that has not changed is left as it
 * is.
 *
 * @returns how many there are  @throws the signal's reason; the system's errors
 */
export async function* writePages(
  students: readonly StudentGrading[],
  jobs: readonly Job[],
  { forStudent, signal, ...options }: PagesOptions,
): Work<number> {
  const shown = students.filter(({ grading }) => grading.results.some((result) => !isPlaceholder(result)));
  for (const [done, graded] of shown.entries()) {
    signal?.throwIfAborted();
    yield { label: "pages", done, total: shown.length, unit: "students" };
    const grading = forStudent(graded);
    if (await isWritten(grading, options.results)) continue;
    await writePage(grading, jobs, { ...options, ...(signal && { signal }) });
  }
  return shown.length;
}

/** The page's folder says which grading it shows; the page is written after it. A grading without pages leaves an older one there. */
async function isWritten(grading: Grading, results: string): Promise<boolean> {
  const folder = join(results, "reports", safeName(grading.submission.id));
  const [json, page] = ["grading.json", "report.html"].map((name) => join(folder, name)) as [string, string];
  const times = await Promise.all([json, page].map((file) => stat(file).catch(() => undefined)));
  const [before, after] = times;
  if (before === undefined || after === undefined || after.mtimeMs < before.mtimeMs) return false;
  return (await readFile(json, "utf8")) === reporters.json(grading);
}
