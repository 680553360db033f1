/** Why a figure cannot be drawn. */

import { printable, TouchstoneError } from "@touchstone/cli";

/** What it would be drawn from is not there, or is not what the run was made with. */
export class FigureSourceError extends TouchstoneError {
  constructor(what: string, expected: string, found: string) {
    super("GRADER_FIGURE_SOURCE", `${printable(what)}: expected ${expected}, found ${found}.`);
  }
}
