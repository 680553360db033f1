/** What keeps a queue from running tasks. */

import { ExitCode, printable, TouchstoneError } from "@touchstone/cli";

/** Tasks that cannot be run together, or not by this version. */
export class TaskError extends TouchstoneError {
  constructor(expected: string, found: string) {
    super("QUEUE_TASK", `Tasks: expected ${expected}, found ${printable(found)}.`);
  }
}

/** The assignment is another one than that which the tasks are of. */
export class AssignmentChangedError extends TouchstoneError {
  constructor(file: string, expected: string, found: string) {
    super(
      "QUEUE_ASSIGNMENT",
      `${printable(file)}: expected the assignment of SHA-256 ${expected.slice(0, 12)}..., found ${found.slice(0, 12)}... It was changed; start again with the one that counts.`,
    );
  }
}

/** Redis does not answer. */
export class RedisUnreachableError extends TouchstoneError {
  override readonly exitCode = ExitCode.fault;

  /** @param url without its password */
  constructor(url: string, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    super(
      "QUEUE_REDIS",
      `${printable(url)}: expected a Redis server that answers, found ${printable(message || code || String(cause))}. Start one (\`redis-server\`), or name another with --redis.`,
      { cause },
    );
  }
}

/** A child process that graded is no longer there. */
export class SlotDiedError extends TouchstoneError {
  override readonly exitCode = ExitCode.fault;
  /** Goes on after "because ". */
  readonly how: string;

  constructor(how: string) {
    super("QUEUE_SLOT", `The process that graded: expected it to answer, found that ${how}.`);
    this.how = how;
  }
}

/** A child process found another assignment, or is of another version: files have changed since its parent was started. */
export class SlotRefusedError extends TouchstoneError {
  constructor(message: string) {
    super("QUEUE_REFUSED", message);
  }
}

/** This machine does not have a folder of the coordinator's: what it graded would be lost. */
export class NotSharedError extends TouchstoneError {
  constructor(folder: string, of: "results" | "submissions", found: string) {
    const mark = of === "results" ? ", with the token that it left there (folder-id)" : "";
    super(
      "QUEUE_NOT_SHARED",
      `${printable(folder)}: expected the coordinator's folder of ${of}${mark}, found ${printable(found)}. ` +
        "All machines must share it: mount it there, or say with --root, at the coordinator and here, where it is.",
    );
  }
}
