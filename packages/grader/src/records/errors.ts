/** Errors of the store of records. */

import { printable } from "@touchstone/cli";

/** A record that cannot be written: no fault of the submission. */
export class RecordWriteError extends Error {
  readonly code = "GRADER_RECORD_WRITE";
  readonly exitCode = 4;

  constructor(path: string, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    super(
      `${printable(path)}: expected to write a record, found ${code ?? message}. Check the folder, its rights and the room on its disk.`,
      { cause },
    );
    this.name = new.target.name;
  }
}

/** A result that could not be read back, or parts of a key that have no JSON: a mistake of ours. */
export class InvalidRecordError extends Error {
  readonly code = "GRADER_INVALID_RECORD";
  readonly exitCode = 4;

  constructor(what: string, expected: string, found: string) {
    super(`${what}: expected ${expected}, found ${printable(found)}.`);
    this.name = new.target.name;
  }
}
