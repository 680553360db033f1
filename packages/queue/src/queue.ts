/** Runs tasks, wherever that is. */

import type { GradingTask, TaskEvent } from "./task.ts";

export interface TaskQueue {
  /**
   * Runs `tasks`, all of one assignment, and tells what becomes of them; the iteration ends when each is done. No task makes it fail: what
   * could not be graded is a result. What the results folder already has is not graded again, so the same call goes on where another one was
   * killed.
   *
   * @throws the signal's reason: what had begun is stopped (in other machines' workers, it goes on); what is done is recorded
   * @throws QueueError of a kind below, before anything has run
   */
  run(tasks: readonly GradingTask[], options?: { signal?: AbortSignal }): AsyncIterable<TaskEvent>;
  /** Ends child processes and connections. */
  close(): Promise<void>;
}
