/** Every error that `@touchstone/tsne` throws on purpose: one class per kind, each with a stable `code`. */

import { TouchstoneError } from "@touchstone/cli";

export class TsneError extends TouchstoneError {}

/** An option has a value that cannot be. */
export class InvalidOptionError extends TsneError {
  constructor(option: string, expected: string, found: unknown) {
    super("TSNE_INVALID_OPTION", `Option ${option}: expected ${expected}, found ${String(found)}.`);
  }
}

/** What was given as points is none, or nothing can be shown of them. */
export class InvalidPointsError extends TsneError {
  constructor(expected: string, found: string) {
    super("TSNE_INVALID_POINTS", `Points for t-SNE: expected ${expected}, found ${found}.`);
  }
}

/** Every pair of points takes part in every iteration, and has a number in memory. */
export class TooManyPointsError extends TsneError {
  constructor(limit: string, found: number, cause?: unknown) {
    super(
      "TSNE_TOO_MANY_POINTS",
      `Points for t-SNE: expected ${limit}, found ${found}. Take a random sample of them: 2,000 show as much as a plot can.`,
      { cause },
    );
  }
}
