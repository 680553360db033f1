/** What can be wrong with a file of statistics. */

import { printable } from "@touchstone/cli";
import { FidError } from "../errors.ts";

/** A file that is not there, or not one that can be read. */
export class UnreadableStatisticsError extends FidError {
  constructor(path: string, found: string, cause?: unknown) {
    super(
      "FID_UNREADABLE_STATISTICS",
      `${printable(path)}: expected a file of statistics (.npz), found ${found}. Check the path and who may read it.`,
      { cause },
    );
  }
}

/** A file whose contents are not statistics, or not sound. */
export class InvalidStatisticsError extends FidError {
  constructor(path: string, expected: string, found: string, cause?: unknown) {
    super(
      "FID_INVALID_STATISTICS",
      `${printable(path)}: expected ${expected}, found ${found}. Compute the statistics again.`,
      { cause },
    );
  }
}

/** A pickle, or an array that only a pickle could fill: reading it would run whatever code it holds. */
export class PickledStatisticsError extends FidError {
  constructor(path: string, what: string) {
    super(
      "FID_PICKLED_STATISTICS",
      `${printable(path)}: expected arrays of numbers, found ${what}, which can run code of its own when it is read. ` +
        "Store mu and sigma with numpy.savez(path, mu=mu, sigma=sigma).",
    );
  }
}

/** A file that cannot be written. */
export class StatisticsWriteError extends FidError {
  override readonly exitCode = 4;

  constructor(path: string, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    super(
      "FID_STATISTICS_WRITE",
      `${printable(path)}: expected a place to write statistics to, found ${code ?? message}. Check its folder and the room left.`,
      { cause },
    );
  }
}

/** One field in which two protocols differ. */
export interface Difference {
  field: string;
  first: string;
  second: string;
}

/** Statistics that were computed in different ways. */
export class UnlikeProtocolsError extends FidError {
  readonly differences: readonly Difference[];

  constructor(differences: readonly Difference[]) {
    const list = differences
      .map(({ field, first, second }) => `\n  ${field}: ${first} and ${second}`)
      .join("");
    super(
      "FID_UNLIKE_PROTOCOLS",
      `Statistics to compare: expected the same protocol, found differences in${list}\n` +
        "Their distance would measure these as well. Compute both in the same way, or force the comparison.",
    );
    this.differences = differences;
  }
}
