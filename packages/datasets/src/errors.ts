/** Every error that `@touchstone/datasets` throws on purpose: one class per kind, each with a stable `code`. */

import { printable, TouchstoneError } from "@touchstone/cli";
import type { Problem } from "./problems.ts";

export class DatasetError extends TouchstoneError {}

/** An option has a value that cannot be. */
export class InvalidOptionError extends DatasetError {
  constructor(option: string, expected: string, found: unknown) {
    super("DATASETS_INVALID_OPTION", `Option ${option}: expected ${expected}, found ${String(found)}.`);
  }
}

/** A path does not exist or may not be read. */
export class UnreadablePathError extends DatasetError {
  constructor(path: string, expected: string, cause: NodeJS.ErrnoException) {
    const found = cause.code === "ENOENT" ? "nothing there" : `${cause.code ?? cause.message}`;
    super(
      "DATASETS_UNREADABLE_PATH",
      `${printable(path)}: expected ${expected}, found ${found}. Check the path and who may read it.`,
      { cause },
    );
  }
}

/** A path leads to something of another kind than was asked for. */
export class WrongPathKindError extends DatasetError {
  constructor(path: string, expected: string, found: string) {
    super("DATASETS_WRONG_PATH_KIND", `${printable(path)}: expected ${expected}, found ${found}.`);
  }
}

/** A zip whose list of entries cannot be read. */
export class BrokenZipError extends DatasetError {
  constructor(path: string, cause: Error) {
    super(
      "DATASETS_BROKEN_ZIP",
      `${printable(path)}: expected a zip archive, found a broken one (${cause.message}). Pack it again.`,
      { cause },
    );
  }
}

/** A zip was closed before its entries were read. */
export class ClosedSourceError extends DatasetError {
  override readonly exitCode = 4;

  constructor(path: string) {
    super("DATASETS_CLOSED_SOURCE", `${printable(path)}: expected an open zip, found it closed.`);
  }
}

/** A folder or zip holds more than is reasonable to list. */
export class TooManyEntriesError extends DatasetError {
  constructor(path: string, limit: number) {
    super(
      "DATASETS_TOO_MANY_ENTRIES",
      `${printable(path)}: expected at most ${limit.toLocaleString("en")} entries, found more.`,
    );
  }
}

/** Images that do not fit in one array. */
export class TooLargeError extends DatasetError {
  constructor(path: string, bytes: number, limit: number) {
    const gib = (n: number) => `${(n / 2 ** 30).toFixed(1)} GiB`;
    super(
      "DATASETS_TOO_LARGE",
      `${printable(path)}: expected images that fit in ${gib(limit)}, found ${gib(bytes)}. Read them in batches.`,
    );
  }
}

/** A folder or zip without a single image that can be read. */
export class NoImagesError extends DatasetError {
  /** What was found in their place. */
  readonly problems: readonly Problem[];

  constructor(path: string, hint: string, problems: readonly Problem[]) {
    super(
      "DATASETS_NO_IMAGES",
      `${printable(path)}: expected PNG, JPEG or WebP images, found none.${hint}${listed(problems)}`,
    );
    this.problems = problems;
  }
}

/** One file that is not the image it should be; streams and arrays report its `problem` instead of throwing. */
export class BadFileError extends DatasetError {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super("DATASETS_BAD_FILE", `${printable(problem.file)}: ${problem.message}`);
    this.problem = problem;
  }
}

/** A caller wanted every file to be in order, and some are not. */
export class ProblemsError extends DatasetError {
  readonly problems: readonly Problem[];

  constructor(path: string, problems: readonly Problem[]) {
    const files = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
    super("DATASETS_PROBLEMS", `${printable(path)}: expected none, found ${files}.${listed(problems)}`);
    this.problems = problems;
  }
}

/**
 * For callers that want all or nothing.
 *
 * @param path the folder, zip or table in which they were found
 * @throws ProblemsError naming the files, if there are any
 */
export function refuseProblems(path: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ProblemsError(path, problems);
}

const LISTED = 10;

function listed(problems: readonly Problem[]): string {
  const lines = problems
    .slice(0, LISTED)
    .map(
      ({ file, line, message }) =>
        `\n  ${printable(file)}${line === undefined ? "" : `:${line}`}: ${message}`,
    );
  const more = problems.length > LISTED ? `\n  and ${problems.length - LISTED} more` : "";
  return lines.join("") + more;
}
