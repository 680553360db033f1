/** What can be wrong with what a score is computed against. */

import { ExitCode } from "@touchstone/cli";

/** Reference data that is not there. */
export class MissingReferenceError extends Error {
  readonly code = "GRADER_REFERENCE";
  readonly exitCode = ExitCode.usage;

  constructor(what: string, expected: string, found: string) {
    super(`${what}: expected ${expected}, found ${found}.`);
    this.name = "MissingReferenceError";
  }
}
