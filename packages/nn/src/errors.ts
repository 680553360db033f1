/** Every error that `@touchstone/nn` throws on purpose: one class per kind, each with a stable `code`. */

export class NnError extends Error {
  readonly code: string;
  /** What a command that ends with this error exits with: 2, wrong usage or input. */
  readonly exitCode: number = 2;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** A layer was given a tree that lacks one of its parameters. */
export class MissingParameterError extends NnError {
  constructor(name: string, present: string[]) {
    super("NN_MISSING_PARAMETER", `Expected a parameter "${name}", found ${some(present)}.`);
  }
}

/** A parameter or an input whose shape does not suit the layer. */
export class ShapeError extends NnError {
  /** @param what such as `parameter "net.0.weight"`  @param expected such as `[kh, kw, 64, out]`, and why */
  constructor(what: string, expected: string, found: readonly number[]) {
    super("NN_SHAPE", `Wrong shape of ${what}: expected ${expected}, found [${found.join(", ")}].`);
  }
}

/** A number given to a layer, an optimizer or a schedule that lies outside of its range. */
export class OptionError extends NnError {
  constructor(option: string, expected: string, found: unknown) {
    super("NN_OPTION", `Option ${option}: expected ${expected}, found ${found}.`);
  }
}

/** The loss does not depend on a parameter that it should be differentiated by. */
export class UnusedParameterError extends NnError {
  constructor(names: string[]) {
    super(
      "NN_UNUSED_PARAMETER",
      `The loss does not depend on ${some(names)}. Differentiate by what it uses; running statistics are not trained (partition).`,
    );
  }
}

function some(names: string[]): string {
  const first = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${first} and ${names.length - 5} more` : first || "none";
}
