/** For tests: what a queue tells, collected. */

import { fileURLToPath } from "node:url";
import type { TaskQueue } from "../src/queue.ts";
import type { GradingTask, TaskEvent } from "../src/task.ts";

export const FAKE_SLOT = fileURLToPath(new URL("fake-slot.mjs", import.meta.url));

export interface Told {
  events: TaskEvent[];
  /** Of each student, by problem. */
  done: Record<string, string[]>;
  reasons: Record<string, string[]>;
}

/** @param onEvent may stop it, or break something */
export async function collect(
  queue: TaskQueue,
  tasks: readonly GradingTask[],
  onEvent: (event: TaskEvent) => unknown = () => {},
  signal?: AbortSignal,
): Promise<Told> {
  const told: Told = { events: [], done: {}, reasons: {} };
  for await (const event of queue.run(tasks, signal ? { signal } : {})) {
    told.events.push(event);
    if (event.kind === "done") {
      const { student, results } = event;
      if (told.done[student]) throw new Error(`${student} was done twice`);
      told.done[student] = results.map(({ status }) => status);
      told.reasons[student] = results.flatMap(({ reasons = [] }) => reasons);
    }
    await onEvent(event);
  }
  return told;
}
