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

/** The folder cannot be used, or has a training that may not be overwritten. */
export class OutputFolderError extends TrainingError {
  constructor(path: string, found: string, remedy: string, options?: ErrorOptions) {
    super("TRAINING_OUTPUT", `${path}: ${found}. ${remedy}`, 2, options);
  }
}

/** The training that is to be resumed began with other settings. */
export class SettingsError extends TrainingError {
  /** @param differences such as `--lr 0.0002, not 0.001` */
  constructor(statePath: string, differences: string[]) {
    super(
      "TRAINING_SETTINGS",
      `${statePath}: the training began with ${differences.join("; with ")}. Resume it as it began, or choose another folder.`,
      2,
    );
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
