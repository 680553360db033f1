/** The gradings of a class, from its records. */

import {
  type Assignment,
  type Grading,
  type Job,
  newestResults,
  type ProblemRecord,
  type ProblemResult,
  placeKey,
  type Records,
  withEndOfOutput,
} from "@touchstone/grader";
import type { Decision } from "../policy/decision.ts";
import type { Student } from "../roster/student.ts";
import type { Found } from "./class-file.ts";
import { type ClassGrading, problemsOf, type StudentGrading } from "./class-grading.ts";
import { gradeStudent } from "./grade-student.ts";

export interface CollectInput {
  students: readonly Student[];
  decisionOf(student: Student): Decision;
  isSubmitted(student: Student): boolean;
  foundOf(student: Student): readonly Found[];
  records: Pick<Records, "list">;
}

/** @throws UnknownPenaltyError; the system's errors of reading records */
export async function collectClass(
  assignment: Assignment,
  jobs: readonly Job[],
  input: CollectInput,
): Promise<ClassGrading> {
  const students: StudentGrading[] = [];
  for (const student of input.students) students.push(await collectStudent(assignment, jobs, input, student));
  const { id, title, sha256 } = assignment;
  const graded = jobs.map(({ problem }) => problem.id);
  return { assignment: { id, title, sha256 }, problems: problemsOf(assignment, graded), students };
}

export async function collectStudent(
  assignment: Assignment,
  jobs: readonly Job[],
  { decisionOf, isSubmitted, foundOf, records }: CollectInput,
  student: Student,
): Promise<StudentGrading> {
  const { records: all } = await records.list(student.id);
  const results = lastResults(
    all.map(({ result }) => result),
    foundOf(student),
  );
  return gradeStudent(assignment, jobs, {
    student,
    decision: decisionOf(student),
    results: results.map((result) => withEndOfOutput(result, KEPT)),
    isSubmitted: isSubmitted(student),
    environment: environmentOf(all),
  });
}

/** The newest record of each job, unless the last grading of the class has found something else since. */
function lastResults(recorded: readonly ProblemResult[], found: readonly Found[]): ProblemResult[] {
  const newest = newestResults(recorded);
  const others = found.flatMap((one): ProblemResult[] => {
    const isSame = (result: ProblemResult) => placeKey(result) === placeKey(one);
    if (newest.some((result) => isSame(result) && result.gradedAt > one.since)) return [];
    const result = one.unrecorded ?? recorded.findLast((result) => isSame(result) && result.key === one.key);
    return result ? [result] : [];
  });
  const places = new Set(others.map(placeKey));
  return [...others, ...newest.filter((result) => !places.has(placeKey(result)))];
}

const environmentOf = (records: readonly ProblemRecord[]): Grading["environment"] =>
  records.at(-1)?.environment ?? {};

/** Letters of what a program printed that reports show the end of. */
const KEPT = 4000;
