/** `localQueue({ jobs })`: the tasks in child processes of this one, without a server. */

import { ReadableStream } from "node:stream/web";
import { prepare } from "./prepare.ts";
import type { TaskQueue } from "./queue.ts";
import { runTask, type Tries } from "./run-task.ts";
import { Slot } from "./slot/slot.ts";
import type { TaskEvent } from "./task.ts";
import { taskEvents } from "./task-events.ts";

/** Seconds after which another machine's grader is taken for dead that holds a job of the results folder. */
const LOST_AFTER = 60;

export interface LocalQueueOptions {
  /** How many tasks at once, at least 1. */
  jobs: number;
  /** The program of a slot; another one for tests. */
  program?: string;
}

export function localQueue({ jobs: count, program }: LocalQueueOptions): TaskQueue {
  const slots = Array.from({ length: count }, () => new Slot(program));
  return {
    async *run(tasks, { signal } = {}) {
      signal?.throwIfAborted();
      const waiting = await prepare(tasks);
      const leaving = new AbortController();
      const stop = AbortSignal.any([leaving.signal, ...(signal ? [signal] : [])]);
      let work: Promise<unknown> = Promise.resolve();
      const events = new ReadableStream<TaskEvent>({
        start(events) {
          for (const { task } of waiting) events.enqueue({ kind: "queued", student: task.student, tries: 0 });
          const drain = async (slot: Slot) => {
            for (let next = waiting.shift(); next; next = waiting.shift()) {
              const { task, jobs } = next;
              const tell = taskEvents(task, (event) => events.enqueue(event));
              const tries: Tries = {};
              const begin = async () => tell.running(tries);
              const watch = { signal: stop, show: tell.progress, begin, lostAfter: LOST_AFTER };
              const results = await runTask(task, jobs, slot, tries, watch);
              events.enqueue({ kind: "done", student: task.student, results });
            }
          };
          const all = slots.map((slot) => drain(slot));
          work = Promise.allSettled(all);
          Promise.all(all).then(
            () => events.close(),
            (error) => {
              leaving.abort(error); // The other slots' work is not wanted any more.
              events.error(error);
            },
          );
        },
      });
      try {
        yield* events;
      } finally {
        leaving.abort();
        await work;
      }
    },
    async close() {
      await Promise.all(slots.map((slot) => slot.close()));
    },
  };
}
