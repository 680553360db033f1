/** What travels: one student's grading as plain JSON, and what is told of it. */

import type { DeviceName } from "@touchstone/cli";
import type { ProblemResult, RunOptions } from "@touchstone/grader";

/** One student's submission, for these problems of one assignment. It goes to a child process, or through Redis. */
export interface GradingTask {
  /** Id: whose the records are. A queue has one task of a student at a time. */
  student: string;
  /** Folder, absolute. Between machines, see `root` of `redisQueue`. */
  submission: string;
  /** Ids, or `all`. */
  problems: readonly string[];
  /** A worker whose file hashes otherwise does not take the task. */
  assignment: AssignmentFile;
  /** Touchstone's: `build` of @touchstone/grader. A worker of another one, be it of the same version, does not take the task. */
  version: string;
  /** Folder of results, absolute, which all workers share. */
  results: string;
  options: TaskOptions;
}

export interface AssignmentFile {
  id: string;
  /** Absolute. */
  file: string;
  /** `sha256` of the assignment as it was read. */
  sha256: string;
}

/** What else `grade` needs; each means what the option of `pnpm grade` of this name does. Paths are absolute. */
export interface TaskOptions {
  data?: string;
  reference?: string;
  privateReference?: string;
  device: DeviceName;
  seed: number;
  offline: boolean;
  /**
   * ISO 8601: only records from then on count (`--fresh` is the time when the command began). A time and no boolean, so that a task that is
   * tried again finds what its first try has recorded.
   */
  freshSince?: string;
  readable?: readonly string[];
  hide?: readonly string[];
  env?: Readonly<Record<string, string>>;
  containment?: NonNullable<RunOptions["containment"]>;
}

export type TaskEvent =
  /** Waits, for the first time or again. `tries` have begun before. */
  | { kind: "queued"; student: string; tries: number }
  /** `tries` have begun, this one included; `worker` is `host:pid` of who does it. */
  | { kind: "running"; student: string; tries: number; worker: string }
  | { kind: "progress"; student: string; label: string; done: number; total?: number; unit: string }
  /**
   * The end of a task, once for each: one result for each problem and column, in the assignment's order, whatever happened. Of what
   * submissions printed only the end is in it; the records have it all. `totalOf` of @touchstone/grader makes the points of a student.
   */
  | { kind: "done"; student: string; results: ProblemResult[] }
  /** For the person at the terminal, said once and not again until it has changed: no worker suits, Redis is gone and awaited. */
  | { kind: "notice"; message: string };
