/** `RESULTS/class.json`: what the last grading of a class knew besides the records: who is in it, what was decided, what it found. */

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isRecorded, type ProblemResult, placeKey, problemResult, toJson } from "@touchstone/grader";
import { replaceFile } from "@touchstone/nn";
import { z } from "zod";
import { CourseFileError, ExportWriteError } from "../errors.ts";
import type { Decision } from "../policy/decision.ts";
import { type Policy, policySchema } from "../policy/policy.ts";
import type { Student } from "../roster/student.ts";

export interface ClassFile {
  /** The assignment's id. */
  assignment: string;
  /** Ids of the problems that were asked for. */
  problems: readonly string[];
  students: readonly Listed[];
  /** What holds for each of them follows from it and from the list. */
  policy: Policy;
}

export interface Listed {
  student: Student;
  isSubmitted: boolean;
  /** Of each problem and column, whenever that was graded last. */
  found: readonly Found[];
}

export interface Member extends Listed {
  decision: Decision;
}

/** What a grading found. Not every last result is the newest record: a submission may be one that was graded before, or not be gradable. */
export interface Found extends Pick<ProblemResult, "problem" | "variant" | "column" | "key"> {
  /** ISO 8601, when that grading began: what was recorded since counts before it. */
  since: string;
  /** Where there is no record of it. */
  unrecorded?: ProblemResult;
}

/** After a grading that had these results, of whichever problems. */
export function foundAfter(
  before: readonly Found[],
  results: readonly ProblemResult[],
  since: string,
): Found[] {
  const graded = new Set(results.map(placeKey));
  return [
    ...before.filter((one) => !graded.has(placeKey(one))),
    ...results.map((result): Found => {
      const { problem, variant, column, key } = result;
      const place = { problem, variant, ...(column !== undefined && { column }) };
      return { ...place, key, since, ...(!isRecorded(result) && { unrecorded: result }) };
    }),
  ];
}

const SCHEMA = "touchstone-class/2";

const classFile = z.object({
  schema: z.literal(SCHEMA),
  assignment: z.string(),
  problems: z.array(z.string()),
  students: z.array(
    z.object({
      student: z.object({
        id: z.string(),
        lastName: z.string(),
        firstName: z.string(),
        email: z.string(),
        daysLate: z.number().exactOptional(),
        excused: z.union([z.literal(true), z.array(z.string())]).exactOptional(),
        extra: z.record(z.string(), z.string()),
        line: z.number(),
      }),
      isSubmitted: z.boolean(),
      found: z.array(
        z.object({
          problem: z.string(),
          variant: z.string(),
          column: z.string().exactOptional(),
          key: z.string(),
          since: z.string(),
          unrecorded: problemResult.exactOptional(),
        }),
      ),
    }),
  ),
  policy: policySchema,
});

const pathOf = (results: string) => join(results, "class.json");

/** @throws ExportWriteError */
export async function writeClassFile(results: string, file: ClassFile): Promise<void> {
  const path = pathOf(results);
  try {
    await mkdir(results, { recursive: true });
    await replaceFile(path, [Buffer.from(toJson({ schema: SCHEMA, ...file }))]);
  } catch (error) {
    throw new ExportWriteError(path, error);
  }
}

/** @returns undefined where no class was graded into this folder  @throws CourseFileError of a damaged one */
export async function readClassFile(results: string): Promise<ClassFile | undefined> {
  const path = pathOf(results);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw new CourseFileError(path, "what a grading of a class wrote", `${error.code}`, { cause: error });
  });
  if (text === undefined) return undefined;
  const parsed = classFile.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  const { path: at, message } = parsed.error.issues[0]!;
  throw new CourseFileError(
    path,
    "what a grading of a class wrote",
    `a wrong ${at.join(".") || "file"} (${message}); grade the class with its --policy, which writes it anew and runs nothing twice`,
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
