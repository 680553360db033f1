/** Every error that `@touchstone/nn` throws on purpose: one class per kind, each with a stable `code`. */

export class NnError extends Error {
  readonly code: string;
  /** What a command that ends with this error exits with: 2, wrong usage or input. */
  readonly exitCode = 2;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** A layer was given a tree that lacks one of its parameters. */
export class MissingParameterError extends NnError {
  constructor(name: string, present: string[]) {
    const some = present.slice(0, 5).join(", ");
    const found = present.length > 5 ? `${some} and ${present.length - 5} more` : some || "none";
    super("NN_MISSING_PARAMETER", `Expected a parameter "${name}", found ${found}.`);
  }
}
