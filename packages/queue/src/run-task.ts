/** A task's jobs, one after another in a slot, each tried again where its process dies, and never more than a few times. */

import { join } from "node:path";
import { type Job, jobName, notGradable, type ProblemResult, safeName } from "@touchstone/grader";
import { SlotDiedError } from "./errors.ts";
import { takeLock } from "./locks/lock.ts";
import type { Slot, Watch } from "./slot/slot.ts";
import type { GradingTask } from "./task.ts";

/** A process that dies may be no fault of the submission; one that dies with it each time takes no more of our time. */
export const MAX_TRIES = 3;

/** How often each job of a task was begun and not brought to an end, by name; of those that were never begun, nothing. */
export type Tries = Record<string, number>;

export interface TaskWatch extends Watch {
  /** Told before a job begins, so that it counts even where this process dies with it. */
  begin(tries: Tries): Promise<void>;
  /** Seconds after which a process of another machine is taken for dead. */
  lostAfter: number;
}

/**
 * @param tries of earlier runs of this task, which may have been in other machines; those that this one ends well are taken out
 * @returns a result of each job
 * @throws SlotRefusedError; the signal's reason
 */
export async function runTask(
  task: GradingTask,
  jobs: readonly Job[],
  slot: Slot,
  tries: Tries,
  watch: TaskWatch,
): Promise<ProblemResult[]> {
  const results: ProblemResult[] = [];
  for (const [index, job] of jobs.entries()) {
    results.push(await runJob({ task, job, index }, slot, tries, watch));
  }
  return results;
}

async function runJob(
  { task, job, index }: { task: GradingTask; job: Job; index: number },
  slot: Slot,
  tries: Tries,
  watch: TaskWatch,
): Promise<ProblemResult> {
  const name = jobName(job);
  let how = "the process that graded was ended each time";
  while ((tries[name] ?? 0) < MAX_TRIES) {
    const release = await claim(task, name, watch);
    try {
      tries[name] = (tries[name] ?? 0) + 1;
      await watch.begin(tries);
      const result = await slot.grade(task, index, watch);
      delete tries[name];
      return "because" in result ? notGradable(job, result.because) : result;
    } catch (error) {
      if (!(error instanceof SlotDiedError)) throw error;
      how = error.how;
    } finally {
      await release();
    }
  }
  return notGradable(job, `It was begun ${MAX_TRIES} times and not brought to an end: ${how}.`);
}

/** No two grade the same job of a student at once, whatever became of the queue between them. */
function claim({ results, student }: GradingTask, name: string, { signal, lostAfter }: TaskWatch) {
  const folder = join(results, "claims", `${safeName(student)}--${safeName(name)}`);
  return takeLock(folder, { mode: "exclusive", signal, lostAfter });
}
