/** The gradings of a class, from its records. */

import {
  type Assignment,
  type Grading,
  type Job,
  type ProblemRecord,
  type ProblemResult,
  placeKey,
  type Records,
  withEndOfOutput,
} from "@touchstone/grader";
import type { Decision } from "../policy/decision.ts";
import type { Student } from "../roster/student.ts";
import { type ClassGrading, problemsOf, type StudentGrading } from "./class-grading.ts";
import { gradeStudent } from "./grade-student.ts";

export interface CollectInput {
  students: readonly Student[];
  decisionOf(student: Student): Decision;
  isSubmitted(student: Student): boolean;
  records: Pick<Records, "list">;
  /** Results that are newer than the records, or have none as they could not be graded. */
  fresh?: ReadonlyMap<string, readonly ProblemResult[]>;
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
  { decisionOf, isSubmitted, records, fresh }: CollectInput,
  student: Student,
): Promise<StudentGrading> {
  const { records: all } = await records.list(student.id);
  const known = newest(all);
  const own = fresh?.get(student.id) ?? [];
  const older = known.filter((record) => !own.some((result) => placeKey(result) === placeKey(record.result)));
  return gradeStudent(assignment, jobs, {
    student,
    decision: decisionOf(student),
    results: [...own, ...older.map(({ result }) => result)].map((result) => withEndOfOutput(result, KEPT)),
    isSubmitted: isSubmitted(student),
    environment: environmentOf(all),
  });
}

/** The last record of each job. */
function newest(records: readonly ProblemRecord[]): ProblemRecord[] {
  return [...new Map(records.map((record) => [placeKey(record.result), record])).values()];
}

const environmentOf = (records: readonly ProblemRecord[]): Grading["environment"] =>
  records.at(-1)?.environment ?? {};

/** Letters of what a program printed that reports show the end of. */
const KEPT = 4000;
