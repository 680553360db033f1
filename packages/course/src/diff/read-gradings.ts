/** Gradings to compare: of one submission or a class in a file, or of everyone in a folder of results. */

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Grading } from "@touchstone/grader";
import { z } from "zod";
import { CourseFileError } from "../errors.ts";

const WHAT = "what --json wrote of a submission or a class, or a folder of results with pages in it";

// What is looked at; the rest is as the grader wrote it.
const grading = z.looseObject({
  assignment: z.looseObject({ id: z.string(), title: z.string(), sha256: z.string() }),
  submission: z.looseObject({ id: z.string() }),
  results: z.array(
    z.looseObject({
      problem: z.string(),
      title: z.string(),
      variant: z.string(),
      status: z.enum(["graded", "failed", "not-gradable"]),
      reasons: z.array(z.string()),
      metrics: z.array(
        z.looseObject({
          name: z.string(),
          label: z.string(),
          value: z.number().nullable(),
          n: z.number(),
          protocol: z.record(z.string(), z.unknown()),
        }),
      ),
      points: z.array(
        z.looseObject({ label: z.string(), earned: z.number(), possible: z.number(), because: z.string() }),
      ),
      key: z.string(),
    }),
  ),
  points: z
    .looseObject({
      earned: z.number(),
      possible: z.number(),
      open: z.number(),
      deductions: z.array(z.looseObject({ label: z.string(), points: z.number() })),
    })
    .exactOptional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])),
});

const file = z.discriminatedUnion("schema", [
  grading.extend({ schema: z.literal("touchstone-grading/1") }),
  z.looseObject({
    schema: z.literal("touchstone-class-grading/1"),
    students: z.array(z.looseObject({ grading })),
  }),
]);

/** By the submission's id, in the order of ids. @throws CourseFileError */
export async function readGradings(path: string): Promise<Map<string, Grading>> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new CourseFileError(path, WHAT, error.code === "ENOENT" ? "nothing there" : `${error.code}`, {
      cause: error,
    });
  });
  const files = stats.isDirectory() ? await filesIn(path) : [path];
  const found: [string, Grading][] = [];
  for (const file of files) {
    for (const one of await gradingsOf(file)) found.push([one.submission.id, one]);
  }
  if (found.length === 0)
    throw new CourseFileError(path, WHAT, "no gradings; grade with pages, or `pnpm grade export --pages`");
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function filesIn(folder: string): Promise<string[]> {
  const reports = join(folder, "reports");
  const names = await readdir(reports).catch(() => []);
  const files = names.sort().map((name) => join(reports, name, "grading.json"));
  const there = await Promise.all(
    files.map((file) =>
      stat(file).then(
        (stats) => stats.isFile(),
        () => false,
      ),
    ),
  );
  return files.filter((_, i) => there[i]);
}

async function gradingsOf(path: string): Promise<Grading[]> {
  const parsed = file.safeParse(await json(path));
  if (parsed.success) {
    const { data } = parsed;
    const isClass = data.schema === "touchstone-class-grading/1";
    return (isClass ? data.students.map(({ grading }) => grading) : [data]) as unknown as Grading[];
  }
  const { path: at, message } = parsed.error.issues[0]!;
  throw new CourseFileError(
    path,
    "a grading of a submission or a class as `--json` writes it",
    `a wrong ${at.join(".") || "file"} (${message})`,
  );
}

async function json(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new CourseFileError(file, "a grading in JSON", `${error.code}`, { cause: error });
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new CourseFileError(file, "a grading in JSON", "no JSON");
  }
}
