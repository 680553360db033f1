/** Errors that `@touchstone/cli` throws on purpose. */

import { ExitCode } from "./exit-codes.ts";

/** What errors have that are thrown on purpose: a stable `code`, and the exit code of a command that ends with them. */
export class TouchstoneError extends Error {
  readonly code: string;
  /** 2, wrong usage or input, where a class does not say otherwise. */
  readonly exitCode: number = ExitCode.usage;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** An option or argument that cannot be used. */
export class UsageError extends TouchstoneError {
  /** @param what the option or argument, such as `--steps` */
  constructor(what: string, expected: string, found: string) {
    super("CLI_USAGE", `${what}: expected ${expected}, found ${found}.`);
  }
}
