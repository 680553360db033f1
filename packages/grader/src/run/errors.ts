/** What keeps a submission from being run and is not its fault. */

import { ExitCode, printable, TouchstoneError } from "@touchstone/cli";

export class RunError extends TouchstoneError {
  /** Our own fault. */
  override readonly exitCode: number = ExitCode.fault;
}

/** A request that cannot be carried out as it stands. */
export class InvalidRunRequestError extends RunError {
  override readonly exitCode = 2;

  constructor(field: string, expected: string, found: unknown) {
    super("GRADER_RUN_REQUEST", `Run request, ${field}: expected ${expected}, found ${String(found)}.`);
  }
}

/** A folder that the run needs is not there. */
export class MissingRunFolderError extends RunError {
  constructor(field: string, path: string, expected: string) {
    super(
      "GRADER_RUN_FOLDER",
      `Run request, ${field}: expected ${expected} at ${printable(path)}, found none. Make it before the run.`,
    );
  }
}

/** The program is there, but not for the submission to see: a matter of the assignment's settings. */
export class UnseenProgramError extends RunError {
  override readonly exitCode = 2;

  constructor(path: string) {
    super(
      "GRADER_RUN_UNSEEN_PROGRAM",
      `${printable(path)}: expected the program where the submission can see it, found it outside of the system's folders.` +
        " Add the folder that it is installed in to those that are readable.",
    );
  }
}

/** The disk could not take what the submission is allowed to write. */
export class NoSpaceError extends RunError {
  constructor(path: string, needed: string, free: string) {
    super(
      "GRADER_RUN_SPACE",
      `${printable(path)}: expected room for ${needed} of output, found ${free} free. Free some, or lower the limit.`,
    );
  }
}

/** The containment that was asked for is not to be had here. */
export class ContainmentUnavailableError extends RunError {
  constructor(reason: string) {
    super("GRADER_RUN_CONTAINMENT", `Expected bubblewrap to contain the run, found that ${reason}.`);
  }
}

/** What should have started the submission failed before it did. */
export class RunStartError extends RunError {
  constructor(found: string, options?: ErrorOptions) {
    super(
      "GRADER_RUN_START",
      `The submission was not started: ${printable(found.trim() || "no reason was given")}.`,
      options,
    );
  }
}

/** Processes that do not go away: stuck in the kernel, or out of our reach. */
export class LeftoverProcessesError extends RunError {
  constructor(pids: readonly number[]) {
    super(
      "GRADER_RUN_LEFTOVERS",
      `Expected no process of the submission after its end, found ${pids.length} that cannot be killed` +
        ` (${pids.slice(0, 10).join(", ")}). End them before the next run.`,
    );
  }
}
