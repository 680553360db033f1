/** `RESULTS/reports/SUBMISSION/grading.json`: the last grading of a submission, with what is in no record. */

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "@touchstone/nn";
import { z } from "zod";
import { type Deductions, isRecorded } from "../grade/index.ts";
import { problemResult, safeName } from "../records/index.ts";
import { renderJson } from "../reporters/json.ts";
import type { Grading, ProblemResult } from "../results/results.ts";
import { KeptGradingError } from "./errors.ts";

/** The folder of a submission's page. */
export const reportOf = (results: string, id: string): string => join(results, "reports", safeName(id));

const fileOf = (results: string, id: string) => join(reportOf(results, id), "grading.json");

/** @throws the system's errors */
export async function keepGrading(results: string, grading: Grading): Promise<void> {
  const { id } = grading.submission;
  await mkdir(reportOf(results, id), { recursive: true });
  await replaceFile(fileOf(results, id), [Buffer.from(renderJson(grading))]);
}

/** What cannot be known from records. */
export interface Kept {
  given: Deductions;
  /** Results of which there are no records. */
  unrecorded: ProblemResult[];
}

const keptFile = z.looseObject({
  schema: z.literal("touchstone-grading/1"),
  assignment: z.looseObject({ id: z.string() }),
  submission: z.looseObject({ id: z.string() }),
  results: z.array(z.unknown()),
  points: z.looseObject({
    given: z.object({
      daysLate: z.number().exactOptional(),
      penalties: z.array(z.string()).exactOptional(),
    }),
  }),
});

/** @returns undefined where the last grading was of somebody or something else, or there was none  @throws KeptGradingError */
export async function keptGrading(
  results: string,
  id: string,
  { id: assignment }: Grading["assignment"],
): Promise<Kept | undefined> {
  const file = fileOf(results, id);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw new KeptGradingError(file, `${error.code}`);
  });
  if (text === undefined) return undefined;
  const parsed = keptFile.safeParse(parsedJson(text));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new KeptGradingError(file, `a wrong ${path.join(".") || "file"} (${message})`);
  }
  const { data } = parsed;
  if (data.submission.id !== id || data.assignment.id !== assignment) return undefined;
  return { given: data.points.given, unrecorded: data.results.flatMap(unrecordedResult) };
}

/** What stands for a job without a record has no time, and is none. */
function unrecordedResult(value: unknown): ProblemResult[] {
  const { success, data } = problemResult.safeParse(value);
  return success && !isRecorded(data) ? [data] : [];
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
