/** Errors of pages. */

import { printable, TouchstoneError } from "@touchstone/cli";

/** There is nothing to show. */
export class NothingRecordedError extends TouchstoneError {
  constructor(results: string, submission: string) {
    super(
      "GRADER_NOTHING_RECORDED",
      `${printable(results)}: expected records of "${printable(submission)}" for these problems, found none. ` +
        "Grade them first, or name another folder with --results or another submission with --id.",
    );
  }
}

/** The last grading cannot be read, which has the late days and penalties of a submission. */
export class KeptGradingError extends TouchstoneError {
  constructor(file: string, found: string) {
    super(
      "GRADER_KEPT_GRADING",
      `${printable(file)}: expected what the last grading wrote, found ${printable(found)}. ` +
        "Say with --days-late and --penalty what was taken off (--days-late 0: nothing), and it is written anew.",
    );
  }
}
