/** What is told of a task while a slot has it. */

import type { Progress } from "@touchstone/cli";
import { self } from "./locks/live.ts";
import type { Tries } from "./run-task.ts";
import type { GradingTask, TaskEvent } from "./task.ts";

/** Who grades here, as events call it. */
export const WORKER = `${self.host}:${self.pid}`;

/** Of the job that was begun most often. */
export const mostTries = (tries: Tries) => Math.max(0, ...Object.values(tries));

export function taskEvents({ student }: Pick<GradingTask, "student">, tell: (event: TaskEvent) => void) {
  let told = 0;
  return {
    progress({ label, done, total, unit }: Progress): void {
      tell({ kind: "progress", student, label, done, unit, ...(total !== undefined && { total }) });
    },
    running(tries: Tries): void {
      const most = mostTries(tries);
      if (most > told) tell({ kind: "running", student, tries: most, worker: WORKER });
      told = Math.max(told, most);
    },
  };
}
