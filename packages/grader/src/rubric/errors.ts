/** Errors of the rubric. */

import { printable } from "@touchstone/cli";

/** A penalty that the assignment does not have. */
export class UnknownPenaltyError extends Error {
  readonly code = "GRADER_UNKNOWN_PENALTY";
  readonly exitCode = 2;

  constructor(name: string, known: readonly string[]) {
    const expected = known.length > 0 ? `one of ${known.join(", ")}` : "none, for the assignment has none";
    super(`Penalty: expected ${expected}, found "${printable(name)}".`);
    this.name = new.target.name;
  }
}
