/** Errors that `@touchstone/training` throws on purpose. */

export class TrainingError extends Error {
  readonly code: string;
  readonly exitCode: number;

  constructor(code: string, message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.exitCode = exitCode;
    this.name = new.target.name;
  }
}

/** The folder has a training of another kind, or none of it may be overwritten. */
export class OutputFolderError extends TrainingError {
  constructor(path: string, found: string, remedy: string, options?: ErrorOptions) {
    super("TRAINING_OUTPUT", `${path}: ${found}. ${remedy}`, 2, options);
  }
}

/** A loss became NaN or infinite. */
export class DivergedError extends TrainingError {
  constructor(name: string, step: number, metric: string, value: number, statePath: string) {
    super(
      "TRAINING_DIVERGED",
      `${name}: expected a finite ${metric}, found ${value} at step ${step}. Lower the learning rate; ${statePath} has the last state that was saved.`,
      1,
    );
  }
}
