/** What keeps a grading from being done and is no submission's fault. */

import { ExitCode, printable } from "@touchstone/cli";

/** The folder of results cannot be used. */
export class ResultsFolderError extends Error {
  readonly code = "GRADER_RESULTS_FOLDER";
  readonly exitCode = ExitCode.fault;

  constructor(path: string, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    super(
      `${printable(path)}: expected a folder for results that can be written, found ${code ?? message}.` +
        " Name another one with --results, or check its rights and the room on its disk.",
      { cause },
    );
    this.name = "ResultsFolderError";
  }
}

/** A built-in model was never trained. */
export class MissingCheckpointError extends Error {
  readonly code = "GRADER_CHECKPOINT";
  readonly exitCode = ExitCode.fault;

  constructor(path: string) {
    super(`${printable(path)}: expected trained weights, found nothing there. \`pnpm train\` makes them.`);
    this.name = "MissingCheckpointError";
  }
}
