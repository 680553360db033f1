/** Errors that the gate throws on purpose. */

export class GateError extends Error {
  readonly code: string;
  readonly exitCode: number;

  constructor(code: string, exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.exitCode = exitCode;
    this.name = new.target.name;
  }
}

/** A baseline that cannot be read, or does not say what it should. */
export class BaselineError extends GateError {
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super("GATE_BASELINE", 2, `Baseline ${path}: ${problem}`, options);
  }
}

/** A grading that must not become the baseline: 3 where the submission failed, 4 where it could not be graded. */
export class UnfitForBaselineError extends GateError {
  constructor(exitCode: 3 | 4, problems: readonly string[]) {
    super(
      "GATE_UNFIT",
      exitCode,
      `The baseline was left as it is: ${problems.join("; ")}. Expected results with a value for every metric; mend and grade again.`,
    );
  }
}
