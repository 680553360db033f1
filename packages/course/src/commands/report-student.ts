/** `pnpm grade report all --id b09901000` of a student of a class: what was decided there holds, and the page shows nobody else. */

import { resolve } from "node:path";
import { UsageError } from "@touchstone/cli";
import { type Grading, type ReportFlags, readAssignment } from "@touchstone/grader";
import { NotRecordedError } from "../errors.ts";
import { redactor } from "../feedback/redact.ts";
import { readClassFile } from "../grading/class-file.ts";
import { isPlaceholder } from "../grading/class-grading.ts";
import { collectStudent } from "../grading/collect.ts";
import { foldersOf, recordedClass } from "./options.ts";

/** Undefined where no class that was graded into these results has such a student. @throws UsageError, NotRecordedError */
export async function reportStudent(
  problems: readonly string[],
  flags: ReportFlags,
  id: string,
): Promise<Grading | undefined> {
  const results = resolve(flags.results);
  const last = await readClassFile(results);
  const student = last?.students.find((one) => one.student.id === id)?.student;
  if (student === undefined || last?.assignment !== (await readAssignment(flags.assignment)).id)
    return undefined;
  for (const [option, value] of Object.entries({
    "--days-late": flags.daysLate,
    "--penalty": flags.penalty,
  })) {
    if (value !== undefined)
      throw new UsageError(option, `no such option of a student of a class (its --policy decides)`, "both");
  }
  const { assignment, jobs, input } = await recordedClass(problems, {
    assignment: flags.assignment,
    results: flags.results,
  });
  const { grading, status } = await collectStudent(assignment, jobs, input, student);
  if (status === "excused")
    throw new UsageError("--id", "somebody whom the class's policy does not excuse", id);
  if (grading.results.every(isPlaceholder)) throw new NotRecordedError(flags.results, `"${id}"`);
  const folders = foldersOf(assignment, flags, results);
  return redactor({ students: input.students, folders, results })(id, grading);
}
