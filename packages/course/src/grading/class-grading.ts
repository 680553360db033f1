/** A graded class: the one thing that every table, export and page is made of. */

import type { Assignment, Grading, PointsLine, ProblemResult } from "@touchstone/grader";
import type { Decision } from "../policy/decision.ts";
import type { Student } from "../roster/student.ts";

export type StudentStatus =
  /** All of it. */
  | "graded"
  /** Some of it; the rest may be graded. */
  | "failed"
  | "not-gradable"
  /** There is a submission, and a part of it has no record yet. */
  | "not-graded"
  /** There is no submission: no points. */
  | "missing"
  /** From all of it: nothing counts. */
  | "excused";

export interface StudentGrading {
  student: Student;
  status: StudentStatus;
  decision: Decision;
  /** Without the problems that the student is excused from; points as they are after what was decided by hand. */
  grading: Grading;
}

/** In the order of the class list. */
export interface ClassGrading {
  assignment: Grading["assignment"];
  problems: { id: string; title: string; possible: number }[];
  students: StudentGrading[];
}

/** What can be earned in all. */
export const possibleOf = ({ problems }: Pick<ClassGrading, "problems">): number =>
  problems.reduce((sum, { possible }) => sum + possible, 0);

/** The problems that are graded, each with what its rubric gives at most. */
export function problemsOf({ problems }: Assignment, ids: readonly string[]): ClassGrading["problems"] {
  return problems
    .filter(({ id }) => ids.includes(id))
    .map(({ id, title, columns }) => {
      const lines = columns.flatMap(({ rubric }) => rubric);
      return { id, title, possible: lines.reduce((sum, { points }) => sum + points, 0) };
    });
}

/** The lines of one problem; undefined of a student who is excused from it. */
export function linesOf(grading: Pick<Grading, "results">, problem: string): PointsLine[] | undefined {
  const results = grading.results.filter((result) => result.problem === problem);
  return results.length === 0 ? undefined : results.flatMap(({ points }) => points);
}

/** Whether a result is what stands in for one that there is none of. */
export const isPlaceholder = ({ gradedAt }: Pick<ProblemResult, "gradedAt">): boolean => gradedAt === "";
