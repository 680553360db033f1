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
import type { Student } from "../roster/student.ts";

/** @throws RosterError, CourseFileError */
export async function readStudents(assignment: Assignment, roster: string): Promise<Student[]> {
  const students = await readRoster(roster);
  requireKnownProblems(roster, students, assignment);
  return students;
}

/** @param file the policy's; none for none  @throws PolicyError, CourseFileError */
export async function readPolicyFor(
  assignment: Assignment,
  students: readonly Student[],
  file: string | false,
): Promise<Policy> {
  return file === false ? NO_POLICY : readPolicy(file, { assignment, ids: students.map(({ id }) => id) });
}

/** What the last grading of the class knew. @throws CourseFileError where that was of another assignment */
export async function lastGrading(
  results: string,
  { id }: Assignment,
  hint = "name it with --assignment",
): Promise<ClassFile | undefined> {
  const last = await readClassFile(results);
  if (last === undefined || last.assignment === id) return last;
  throw new CourseFileError(results, `gradings of ${id}`, `those of ${last.assignment}; ${hint}`);
}

export interface RecordedFlags {
  assignment: string;
  results: string;
  roster?: string;
  policy?: string;
}

/** With what the last grading knew of them. */
export function membersOf(
  students: readonly Student[],
  policy: Policy,
  last: ClassFile | undefined,
): Member[] {
  const before = new Map(last?.students.map((one) => [one.student.id, one]));
  return students.map((student) => {
    // Who was never looked for is not known to be missing.
    const { isSubmitted = true, found = [] } = before.get(student.id) ?? {};
    return { student, decision: decisionOf(student, policy), isSubmitted, found };
  });
}

/** A class as its records have it. */
export interface RecordedClass {
  assignment: Assignment;
  jobs: Job[];
  policy: Policy;
  input: CollectInput;
}

/**
 * Who is in it is from the roster that is named, and what was decided from the policy; what is not named is from the last grading.
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
  const last = await lastGrading(results, assignment);
  if (roster === undefined && last === undefined) throw new NotRecordedError(folder, "a class, or --roster");
  const wanted = problems.length > 0 ? problems : (last?.problems ?? []);
  const jobs = jobsOf(assignment, { ...(wanted.length > 0 && { problems: wanted }), submission: true });

  const students =
    roster === undefined
      ? (last?.students ?? []).map(({ student }) => student)
      : await readStudents(assignment, roster);
  const policy =
    policyFile === undefined
      ? (last?.policy ?? NO_POLICY)
      : await readPolicyFor(assignment, students, policyFile);
  const members = membersOf(students, policy, last);
  return { assignment, jobs, policy, input: collectInput(members, results) };
}

export function collectInput(members: readonly Member[], results: string): CollectInput {
  const byId = new Map(members.map((member) => [member.student.id, member]));
  return {
    students: members.map(({ student }) => student),
    decisionOf: ({ id }) => byId.get(id)!.decision,
    isSubmitted: ({ id }) => byId.get(id)!.isSubmitted,
    foundOf: ({ id }) => byId.get(id)!.found,
    records: openRecords(results),
  };
}

export const collectRecorded = ({ assignment, jobs, input }: RecordedClass): Promise<ClassGrading> =>
  collectClass(assignment, jobs, input);

/** @param folders that no student should read of; the first is that of the results */
export async function exportInput(
  { assignment, jobs, policy, input }: RecordedClass,
  grading: ClassGrading,
  folders: readonly [results: string, ...others: string[]],
): Promise<ExportInput> {
  const settings = policy.leaderboard ?? defaultLeaderboard(grading);
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
    ...(policy.deadline !== undefined && { deadline: policy.deadline }),
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
