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
