/** What keeps a student's folder from being copied. */

import { bytes, printable, TouchstoneError } from "@touchstone/cli";

export class SubmissionError extends TouchstoneError {}

/** There is no folder to copy, or we may not read it. */
export class NoSubmissionError extends SubmissionError {
  constructor(path: string, found: string, options?: ErrorOptions) {
    super(
      "GRADER_NO_SUBMISSION",
      `${printable(path)}: expected a submission's folder, found ${found}. Check the path and who may read it.`,
      options,
    );
  }
}

/** It holds more than a submission may: its student's fault. */
export class SubmissionTooLargeError extends SubmissionError {
  override readonly exitCode = 3;

  constructor(path: string, limits: { bytes: number; files: number }) {
    super(
      "GRADER_SUBMISSION_TOO_LARGE",
      `${printable(path)}: expected at most ${bytes(limits.bytes)} in ${limits.files.toLocaleString("en")} files,` +
        " found more. Remove what is not needed to run it.",
    );
  }
}

/** Where the copy should go. */
export class CopyTargetError extends SubmissionError {
  override readonly exitCode = 4;

  constructor(path: string, found: string, options?: ErrorOptions) {
    super(
      "GRADER_COPY_TARGET",
      `${printable(path)}: expected an empty folder, or none, to copy a submission into, found ${found}.`,
      options,
    );
  }
}
