/** What can go wrong when all is graded. */

import { ExitCode, printable } from "@touchstone/cli";

/** A report or baseline that cannot be written. */
export class ReportWriteError extends Error {
  readonly code = "GRADER_REPORT_WRITE";
  readonly exitCode = ExitCode.fault;

  constructor(file: string, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    super(
      `${printable(file)}: expected to write it, found ${code ?? message}. What was graded is recorded: the same command writes it without a new run.`,
      { cause },
    );
    this.name = "ReportWriteError";
  }
}
