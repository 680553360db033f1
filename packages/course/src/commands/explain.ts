/** `pnpm grade explain b09901000`: where every point comes from. */

import { resolve } from "node:path";
import { Command, UsageError } from "@touchstone/cli";
import { existing, HOMEWORK, jobsOf, readAssignment, refuseMisplaced, toJson } from "@touchstone/grader";
import { NotRecordedError } from "../errors.ts";
import { explain } from "../explain/explain.ts";
import { readClassFile } from "../grading/class-file.ts";
import type { StudentGrading } from "../grading/class-grading.ts";
import { collectStudent } from "../grading/collect.ts";
import { collectInput, type RecordedFlags, recordedClass } from "./options.ts";

interface Flags extends RecordedFlags {
  problem?: string;
  json?: true;
}

const EXAMPLE = `
Also of a submission that was graded by itself (--submission): STUDENT is its id.

Examples:
  pnpm grade explain b09901000
  pnpm grade explain b09901000 --problem p1`;

export function explainCommand(): Command {
  return new Command("explain")
    .description("Every number behind a student's points, from records")
    .argument("<student>", "its id")
    .option("--problem <id>", "only this one")
    .option("--assignment <yaml>", "another assignment than the homework", HOMEWORK)
    .option("--roster <csv>", "the class list (default: the last grading's)", existing("--roster"))
    .option("--policy <yaml>", "what was decided (default: the last grading's)", existing("--policy"))
    .option("--results <folder>", "records", "results")
    .option("--json", "the grading as JSON")
    .addHelpText("after", EXAMPLE)
    .action(async (id: string, flags: Flags, command: Command) => {
      refuseMisplaced(command);
      const graded = await studentGrading(id, flags);
      requireProblem(graded, flags.problem);
      process.stdout.write(
        flags.json ? toJson({ schema: "touchstone-student/1", ...graded }) : explain(graded, flags.problem),
      );
    });
}

async function studentGrading(id: string, flags: RecordedFlags): Promise<StudentGrading> {
  const isClass = flags.roster !== undefined || (await readClassFile(resolve(flags.results))) !== undefined;
  if (isClass) {
    const { assignment, jobs, input } = await recordedClass([], flags);
    const student = input.students.find((one) => one.id === id);
    if (student !== undefined) return collectStudent(assignment, jobs, input, student);
  }
  if (flags.roster !== undefined || flags.policy !== undefined)
    throw new UsageError("student", "one of the class list", `"${id}"`);
  return alone(id, flags);
}

/** @throws UsageError */
function requireProblem({ grading }: StudentGrading, problem: string | undefined): void {
  const known = [...new Set(grading.results.map((result) => result.problem))];
  if (problem !== undefined && !known.includes(problem))
    throw new UsageError(
      "--problem",
      `one of ${known.join(", ") || "none, as all are excused"}`,
      `"${problem}"`,
    );
}

/** Of a submission of no class. @throws NotRecordedError */
async function alone(id: string, flags: RecordedFlags): Promise<StudentGrading> {
  const assignment = await readAssignment(flags.assignment);
  const jobs = jobsOf(assignment, { submission: true });
  const student = { id, lastName: "", firstName: "", email: "", extra: {}, line: 0 };
  const member = {
    student,
    decision: { deductions: {}, excused: [], overrides: [] },
    isSubmitted: false,
    found: [],
  };
  const graded = await collectStudent(
    assignment,
    jobs,
    collectInput([member], resolve(flags.results)),
    student,
  );
  if (graded.status === "missing") throw new NotRecordedError(flags.results, `"${id}"`);
  return graded;
}
