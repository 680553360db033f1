/** Errors that `@touchstone/cli` throws on purpose. */

import { ExitCode } from "./exit-codes.ts";

/** An option or argument that cannot be used. */
export class UsageError extends Error {
  readonly code = "CLI_USAGE";
  readonly exitCode = ExitCode.usage;

  /** @param what the option or argument, such as `--steps` */
  constructor(what: string, expected: string, found: string) {
    super(`${what}: expected ${expected}, found ${found}.`);
    this.name = "UsageError";
  }
}
