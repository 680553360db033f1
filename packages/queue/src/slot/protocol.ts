/** What a slot and its parent say to each other over Node's IPC. */

import type { Progress } from "@touchstone/cli";
import type { ProblemResult } from "@touchstone/grader";
import type { GradingTask } from "../task.ts";

export type Order =
  | {
      kind: "grade";
      task: GradingTask;
      /** Of `jobsOf` the task's problems. */
      job: number;
    }
  /** Of what it is doing. */
  | { kind: "stop" };

export type Report =
  | { kind: "progress"; progress: Progress }
  /** One of these ends an order to grade. */
  | { kind: "result"; result: ProblemResult }
  /** Told to stop, it has. */
  | { kind: "stopped" }
  /** The slot's assignment or version is another one. */
  | { kind: "refused"; message: string }
  /** No result, and none to be had by trying again: the submission's folder is not there. */
  | { kind: "error"; message: string };
