/** Errors that `@touchstone/digit-classifier` throws on purpose. */

/** A checkpoint is of no network that reads digits. */
export class UnknownNetworkError extends Error {
  readonly code = "DIGITS_UNKNOWN_NETWORK";
  readonly exitCode = 2;

  constructor(path: string, expected: string, found: string) {
    super(`${path}: expected the parameters of a digit classifier (${expected}), found ${found}.`);
    this.name = "UnknownNetworkError";
  }
}
