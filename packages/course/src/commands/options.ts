/** Options that say which class, and what was decided about it. */

import { resolve } from "node:path";
import { type Assignment, type Job, jobsOf, openRecords, readAssignment } from "@touchstone/grader";
import { CourseFileError, NotRecordedError } from "../errors.ts";
import { bestResults } from "../exports/best-results.ts";
import type { ExportInput } from "../exports/export.ts";
import { defaultLeaderboard } from "../exports/leaderboard.ts";
import { redactor } from "../feedback/redact.ts";
import { type ClassFile, type Member, readClassFile } from "../grading/class-file.ts";
import type { ClassGrading } from "../grading/class-grading.ts";
import { type CollectInput, collectClass } from "../grading/collect.ts";
import { gradeStudent } from "../grading/grade-student.ts";
import { decisionOf, requireKnownProblems } from "../policy/decision.ts";
import { readPolicy } from "../policy/parse-policy.ts";
import { NO_POLICY, type Policy } from "../policy/policy.ts";
import { readRoster } from "../roster/parse-roster.ts";

/** A class list and a policy. @throws RosterError, PolicyError, CourseFileError */
export async function readClass(
  assignment: Assignment,
  roster: string,
  policyFile: string | undefined,
): Promise<{ members: Omit<Member, "isSubmitted">[]; policy: Policy }> {
  const students = await readRoster(roster);
  requireKnownProblems(roster, students, assignment);
  const ids = students.map(({ id }) => id);
  const policy = policyFile === undefined ? NO_POLICY : await readPolicy(policyFile, { assignment, ids });
  return {
    members: students.map((student) => ({ student, decision: decisionOf(student, policy) })),
    policy,
  };
}

export interface RecordedFlags {
  assignment: string;
  results: string;
  roster?: string;
  policy?: string;
}

/** A class as its records have it. */
export interface RecordedClass {
  assignment: Assignment;
  jobs: Job[];
  file: ClassFile;
  input: CollectInput;
}

/**
 * Who is in it, and what was decided, is from the roster and policy that are named, and otherwise from the last grading. A policy alone is of
 * that grading's students.
 *
 * @param problems by default those of the last grading
 * @throws NotRecordedError where there is neither a roster nor a grading of a class
 */
export async function recordedClass(
  problems: readonly string[],
  { assignment: yaml, results: folder, roster, policy: policyFile }: RecordedFlags,
): Promise<RecordedClass> {
  const results = resolve(folder);
  const assignment = await readAssignment(yaml);
  const last = await readClassFile(results);
  if (last && last.assignment !== assignment.id) {
    throw new CourseFileError(
      folder,
      `gradings of ${assignment.id}`,
      `those of ${last.assignment}; name it with --assignment`,
    );
  }
  if (roster === undefined && last === undefined) throw new NotRecordedError(folder, "a class, or --roster");
  const wanted = problems.length > 0 ? problems : (last?.problems ?? []);
  const jobs = jobsOf(assignment, { ...(wanted.length > 0 && { problems: wanted }), submission: true });

  const submitted = new Map(last?.students.map(({ student, isSubmitted }) => [student.id, isSubmitted]));
  const known = last?.students ?? [];
  const ids = known.map(({ student }) => student.id);
  const given = roster === undefined ? undefined : await readClass(assignment, roster, policyFile);
  const policy =
    given?.policy ??
    (policyFile === undefined ? undefined : await readPolicy(policyFile, { assignment, ids }));
  const members = (given?.members ?? known).map(({ student, decision }): Member => {
    const before = known.find((member) => member.student.id === student.id)?.decision;
    const decided = policy && policyFile !== undefined ? decisionOf(student, policy) : (before ?? decision);
    // Who was never looked for is not known to be missing.
    return { student, decision: decided, isSubmitted: submitted.get(student.id) ?? true };
  });
  const { deadline, leaderboard } = policyFile === undefined ? (last ?? {}) : (policy ?? {});
  const file: ClassFile = {
    assignment: assignment.id,
    problems: wanted,
    students: members,
    ...(deadline !== undefined && { deadline }),
    ...(leaderboard && { leaderboard }),
  };
  return { assignment, jobs, file, input: collectInput(members, results) };
}

export function collectInput(members: readonly Member[], results: string): CollectInput {
  const byId = new Map(members.map((member) => [member.student.id, member]));
  return {
    students: members.map(({ student }) => student),
    decisionOf: ({ id }) => byId.get(id)!.decision,
    isSubmitted: ({ id }) => byId.get(id)!.isSubmitted,
    records: openRecords(results),
  };
}

export const collectRecorded = ({ assignment, jobs, input }: RecordedClass): Promise<ClassGrading> =>
  collectClass(assignment, jobs, input);

/** @param folders that no student should read of; the first is that of the results */
export async function exportInput(
  { assignment, jobs, file, input }: RecordedClass,
  grading: ClassGrading,
  folders: readonly [results: string, ...others: string[]],
): Promise<ExportInput> {
  const settings = file.leaderboard ?? defaultLeaderboard(grading);
  const redacted = redactor({ students: input.students, folders, results: folders[0] });
  const students = [...grading.students];
  if (settings.submission_rule === "Force_Best") {
    for (const [i, graded] of students.entries()) {
      const { records } = await input.records.list(graded.student.id);
      const isSubmitted = graded.status !== "missing";
      const results = bestResults(
        records.map(({ result }) => result),
        settings,
      );
      students[i] = gradeStudent(assignment, jobs, { ...graded, results, isSubmitted, environment: {} });
    }
  }
  return {
    grading,
    ...(file.deadline !== undefined && { deadline: file.deadline }),
    leaderboard: { settings, students },
    forStudent: ({ student, grading }) => redacted(student.id, grading),
  };
}

/** Options that name places. */
interface DataFlags {
  submissions?: string;
  data?: string;
  reference?: string;
  privateReference?: string;
}

/** What no student should read of; where results are comes first. */
export function foldersOf(
  { file }: Pick<Assignment, "file">,
  flags: DataFlags,
  results: string,
): [string, ...string[]] {
  const { submissions, data, reference, privateReference } = flags;
  const named = [
    submissions,
    data,
    reference,
    privateReference,
    process.env.TOUCHSTONE_DATA,
    process.env.HOME,
  ];
  const folders = [...named, resolve(file, ".."), process.cwd()].flatMap((folder) =>
    folder ? [resolve(folder)] : [],
  );
  // The root of all would be every path.
  return [results, ...folders.filter((folder) => folder !== "/")];
}
