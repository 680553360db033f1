/** What a grading of a class will do, before it does anything. */

import type { Job } from "@touchstone/grader";
import type { GradingTask } from "@touchstone/queue";
import type { Member } from "../grading/class-file.ts";
import type { Found } from "../submissions/find-submissions.ts";

export interface Plan {
  /** Everyone on the list. */
  members: readonly Member[];
  /** Who is graded now, with the folder of the submission and the problems that count. */
  graded: readonly Errand[];
  /** Ids of those without a submission. */
  missing: readonly string[];
  /** Names of folders that are nobody's. */
  unknown: readonly string[];
}

export interface Errand {
  id: string;
  folder: string;
  problems: readonly string[];
}

/** @param only ids; by default everyone */
export function planClass(
  members: readonly Member[],
  { folders, unknown }: Found,
  jobs: readonly Job[],
  only?: readonly string[],
): Plan {
  const problems = [...new Set(jobs.map(({ problem }) => problem.id))];
  return {
    members: members.map((member) => ({ ...member, isSubmitted: folders.has(member.student.id) })),
    graded: members.flatMap(({ student: { id }, decision: { excused } }) => {
      const folder = folders.get(id);
      const own = problems.filter((problem) => excused !== true && !excused.includes(problem));
      const isWanted = folder !== undefined && own.length > 0 && (only?.includes(id) ?? true);
      return isWanted ? [{ id, folder, problems: own }] : [];
    }),
    missing: members.flatMap(({ student: { id }, decision: { excused } }) =>
      excused === true || folders.has(id) ? [] : [id],
    ),
    unknown,
  };
}

/** @param common what all tasks of a class have in common */
export const tasksOf = (
  graded: readonly Errand[],
  common: Omit<GradingTask, "student" | "submission" | "problems">,
): GradingTask[] =>
  graded.map(({ id, folder, problems }) => ({ ...common, student: id, submission: folder, problems }));
