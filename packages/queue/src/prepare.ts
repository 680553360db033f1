/** Looks at tasks before any of them is run. */

import type { Job } from "@touchstone/grader";
import { TaskError } from "./errors.ts";
import { jobsOfTask } from "./slot/grade-one.ts";
import type { GradingTask } from "./task.ts";

/** @returns the jobs of each  @throws TaskError, AssignmentChangedError, what reading the assignment throws; UsageError for a problem that it has not */
export async function prepare(
  tasks: readonly GradingTask[],
): Promise<{ task: GradingTask; jobs: readonly Job[] }[]> {
  const students = new Set<string>();
  const jobs = new Map<string, readonly Job[]>();
  const prepared: { task: GradingTask; jobs: readonly Job[] }[] = [];
  for (const task of tasks) {
    const { student, assignment, version, problems } = task;
    if (students.has(student)) throw new TaskError("one of each student", `two of ${student}`);
    students.add(student);
    const key = JSON.stringify([assignment, version, problems]);
    const own = jobs.get(key) ?? (await jobsOfTask(task)).jobs;
    jobs.set(key, own);
    prepared.push({ task, jobs: own });
  }
  const ids = new Set(tasks.map(({ assignment }) => `${assignment.id}, ${assignment.sha256}`));
  if (ids.size > 1) throw new TaskError("those of one assignment", [...ids].join(" and "));
  return prepared;
}
