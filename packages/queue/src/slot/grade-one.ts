/** One job of a task, graded in this process. */

import type { Progress } from "@touchstone/cli";
import {
  type Assignment,
  build,
  type GradeContext,
  grade,
  type Job,
  jobsOf,
  openRecords,
  openReferences,
  type ProblemRecord,
  type ProblemResult,
  type Records,
  type ReferenceOptions,
  type References,
  readAssignment,
} from "@touchstone/grader";
import { contextOf } from "../context.ts";
import { AssignmentChangedError, TaskError } from "../errors.ts";
import { DeviceLocks, devicesOf } from "../locks/devices.ts";
import type { GradingTask } from "../task.ts";

/** The jobs that a task consists of. @throws TaskError, AssignmentChangedError, what reading an assignment throws */
export async function jobsOfTask(
  task: Pick<GradingTask, "assignment" | "version" | "problems">,
): Promise<{ assignment: Assignment; jobs: Job[] }> {
  const { file, sha256 } = task.assignment;
  if (task.version !== build()) throw new TaskError(`Touchstone ${build()}`, `those of ${task.version}`);
  const assignment = await readAssignment(file);
  if (assignment.sha256 !== sha256) throw new AssignmentChangedError(file, sha256, assignment.sha256);
  return { assignment, jobs: jobsOf(assignment, { problems: task.problems, submission: true }) };
}

export interface Means {
  signal: AbortSignal;
  show(progress: Progress): void;
  /** Called just before a record is written; does not return where this process is not to write any more. */
  guard(): void;
}

/** @throws the signal's reason; what `grade` throws */
export async function gradeOne(
  assignment: Assignment,
  job: Job,
  task: GradingTask,
  { signal, show, guard }: Means,
): Promise<ProblemResult> {
  const devices = new DeviceLocks(devicesOf(job, task.options.device), signal);
  try {
    await devices.share();
    const context: GradeContext = {
      ...contextOf(task, referencesOf),
      records: onceOnly(openRecords(task.results), task.options.freshSince, guard),
      fresh: false, // Of old records `onceOnly` knows nothing.
      submission: { id: task.student, path: task.submission },
      signal,
      alone: (device) => devices.alone(device),
    };
    const work = grade(assignment, [job], context);
    for (;;) {
      const step = await work.next();
      if (step.done) return step.value.results[0]!;
      show(step.value);
    }
  } finally {
    await devices.release();
  }
}

/** Features of reference images stay from one task to the next. */
const opened = new Map<string, References>();

function referencesOf(options: ReferenceOptions): References {
  const key = JSON.stringify(options);
  const references = opened.get(key) ?? openReferences(options);
  opened.set(key, references);
  return references;
}

/**
 * Where machines lose sight of each other, two may grade the same at once; the second one's result is not added to the first one's.
 * @param since records from before do not count
 */
export function onceOnly(records: Records, since: string | undefined, guard: () => void): Records {
  const ifCounts = (found: ProblemRecord | undefined) =>
    found && (since === undefined || found.result.gradedAt >= since) ? found : undefined;
  const find: Records["find"] = async (slot, key) => ifCounts(await records.find(slot, key));
  return {
    ...records,
    find,
    findRun: async (slot, runKey) => ifCounts(await records.findRun(slot, runKey)),
    async save(record) {
      const { submission, result } = record;
      const slot = { ...result, submission };
      const known = (await find(slot, result.key))?.result;
      guard();
      // A metric that could not be computed is computed later, and the record that has it replaces the other.
      const isOpen = known?.metrics.some(({ fault }) => fault === "passing") ?? true;
      return isOpen ? records.save(record) : "";
    },
  };
}
