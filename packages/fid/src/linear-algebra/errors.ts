/** What can go wrong in linear algebra. */

import { FidError } from "../errors.ts";

export const MAX_THREADS = 64;

/** Matrices that do not fit in the 4 GiB a WebAssembly program can address, or in the memory there is. */
export class MatrixTooLargeError extends FidError {
  constructor(what: string, bytes: number, cause?: unknown) {
    const gib = (bytes / 2 ** 30).toFixed(1);
    super(
      "FID_MATRIX_TOO_LARGE",
      `${what}: expected at most 4 GiB of matrices and the memory for them, found a need of ${gib} GiB. Use fewer features.`,
      { cause },
    );
  }
}

/** A number of threads that cannot be. */
export class ThreadCountError extends FidError {
  constructor(found: unknown) {
    super(
      "FID_THREAD_COUNT",
      `Option threads: expected a whole number from 1 to ${MAX_THREADS}, found ${String(found)}.`,
    );
  }
}

/** A thread that ended before its work was done. */
export class WorkerThreadError extends FidError {
  override readonly exitCode = 4;

  constructor(code: number) {
    super(
      "FID_WORKER_THREAD",
      `A thread for linear algebra: expected it to finish, found that it ended with code ${code}.`,
    );
  }
}
