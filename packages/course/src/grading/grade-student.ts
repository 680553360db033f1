/** One student's grading: from results, whenever they were made, and what has been decided since. */

import {
  type Assignment,
  type Grading,
  isOf,
  type Job,
  type ProblemResult,
  slotOf,
  totalOf,
  unrecorded,
  withPoints,
} from "@touchstone/grader";
import type { Decision } from "../policy/decision.ts";
import type { Student } from "../roster/student.ts";
import { isPlaceholder, type StudentGrading, type StudentStatus } from "./class-grading.ts";
import { withOverrides } from "./overrides.ts";

export interface GradeInput {
  student: Student;
  decision: Decision;
  /** Of any problem. */
  results: readonly ProblemResult[];
  /** Whether there is a submission; it is taken for one where there are results. */
  isSubmitted: boolean;
  /** What the results were made with. */
  environment: Grading["environment"];
}

/**
 * Nothing runs. The same input: the same grading.
 *
 * @throws UnknownPenaltyError
 */
export function gradeStudent(
  assignment: Assignment,
  jobs: readonly Job[],
  { student, decision, results, isSubmitted, environment }: GradeInput,
): StudentGrading {
  const { excused, overrides, deductions } = decision;
  const own = jobs.filter(({ problem }) => excused !== true && !excused.includes(problem.id));
  const found = own.map((job) => results.find((result) => isOf(result, slotOf(job, {}))));
  const isMissing = !isSubmitted && found.every((result) => result === undefined);
  const complete = own.map((job, i): ProblemResult => {
    const result = found[i];
    return result ? withPoints(result, job) : placeholder(job, isMissing);
  });
  const marked = withOverrides(complete, overrides);
  const { id, title, sha256 } = assignment;
  return {
    student,
    status: excused === true ? "excused" : isMissing ? "missing" : statusOf(marked),
    decision,
    grading: {
      assignment: { id, title, sha256 },
      submission: { id: student.id },
      results: marked,
      points: totalOf(marked, assignment, deductions),
      environment,
    },
  };
}

/** A missing submission earns nothing; of one that was not graded yet nothing is known. */
function placeholder(job: Job, isMissing: boolean): ProblemResult {
  if (!isMissing) return unrecorded(job, "It has not been graded yet.");
  return withPoints({ ...unrecorded(job, "There is no submission."), status: "failed" }, job);
}

/** What is most in need of somebody's attention. */
function statusOf(results: readonly ProblemResult[]): StudentStatus {
  if (results.some(isPlaceholder)) return "not-graded";
  if (results.some(({ status }) => status === "not-gradable")) return "not-gradable";
  return results.some(({ status }) => status === "failed") ? "failed" : "graded";
}
