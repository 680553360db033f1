/** Runs the tasks of a class and shows where everyone is. */

import type { ProblemResult } from "@touchstone/grader";
import type { GradingTask, TaskQueue } from "@touchstone/queue";
import type { BoardRenderer } from "../live/board-renderer.ts";

/**
 * @param results of everyone who is done, filled as it goes: what is in it when this throws is finished
 * @throws the signal's reason, what a queue throws
 */
export async function runQueue(
  queue: TaskQueue,
  tasks: readonly GradingTask[],
  results: Map<string, readonly ProblemResult[]>,
  { board, signal }: { board: BoardRenderer; signal: AbortSignal },
): Promise<void> {
  // After Ctrl-C its message is not drawn over.
  const end = () => board.end();
  signal.addEventListener("abort", end);
  try {
    for await (const event of queue.run(tasks, { signal })) {
      if (event.kind === "done") results.set(event.student, event.results);
      board.show(event);
    }
  } finally {
    signal.removeEventListener("abort", end);
    board.end();
  }
}
