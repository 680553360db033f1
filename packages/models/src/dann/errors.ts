/** What can be wrong with predictions. */

/** A table could not be written. What was there before is still there. */
export class PredictionsWriteError extends Error {
  readonly code = "DANN_PREDICTIONS_WRITE";
  /** 4 where the disk is at fault, 2 where another path would help. */
  readonly exitCode: number;

  constructor(path: string, cause: NodeJS.ErrnoException) {
    const found = cause.code ?? cause.message;
    super(
      `${path}: expected a place to write a table, found ${found}. Check that its folder is there and may be written to.`,
      { cause },
    );
    this.name = "PredictionsWriteError";
    this.exitCode = ["ENOSPC", "EDQUOT", "EIO"].includes(found) ? 4 : 2;
  }
}
