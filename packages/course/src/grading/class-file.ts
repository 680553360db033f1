/** `RESULTS/class.json`: what the last grading of a class knew besides the records: who is in it, and what was decided. */

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { toJson } from "@touchstone/grader";
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
}

export interface Member extends Listed {
  decision: Decision;
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
    `a wrong ${at.join(".") || "file"} (${message}); remove it and grade the class with its --policy, which runs nothing again`,
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
