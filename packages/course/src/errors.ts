/** Every error that `@touchstone/course` throws on purpose. */

import { ExitCode, printable, TouchstoneError } from "@touchstone/cli";

/** Something that is wrong at a place of a file. */
export interface FileProblem {
  /** From 1. */
  line: number;
  column?: number;
  /** What was expected and what was found. */
  message: string;
}

/** `class.csv:3: expected ...`, a line for each. */
function described(file: string, problems: readonly FileProblem[]): string {
  return problems
    .map(({ line, column, message }) =>
      printable(`${file}:${line}${column === undefined ? "" : `:${column}`}: ${message}`),
    )
    .join("\n");
}

/** A class list that cannot be used: its message lists everything that is wrong with it. */
export class RosterError extends TouchstoneError {
  readonly problems: readonly FileProblem[];

  constructor(file: string, problems: readonly FileProblem[]) {
    super("COURSE_ROSTER", described(file, problems));
    this.problems = problems;
  }
}

/** A policy that cannot be used: its message lists everything that is wrong with it. */
export class PolicyError extends TouchstoneError {
  readonly problems: readonly FileProblem[];

  constructor(file: string, problems: readonly FileProblem[]) {
    super("COURSE_POLICY", described(file, problems));
    this.problems = problems;
  }
}

/** A class list, policy or grading that cannot be read. */
export class CourseFileError extends TouchstoneError {
  constructor(file: string, expected: string, found: string, options?: ErrorOptions) {
    super("COURSE_FILE", `${printable(file)}: expected ${expected}, found ${printable(found)}.`, options);
  }
}

/** Folders of submissions that could each be the same student's. */
export class AmbiguousSubmissionsError extends TouchstoneError {
  constructor(folder: string, doubles: readonly { id: string; names: readonly string[] }[]) {
    const lines = doubles.map(({ id, names }) => `  ${printable(id)}: ${names.map(printable).join(", ")}`);
    super(
      "COURSE_AMBIGUOUS_SUBMISSIONS",
      `${printable(folder)}: expected one folder for each student, found several for ${doubles.length}. Choose with a --match that fits one of them, or move the others away:\n${lines.join("\n")}`,
    );
  }
}

/** Nothing is recorded of a student, or of a class. */
export class NotRecordedError extends TouchstoneError {
  constructor(results: string, whose: string) {
    super(
      "COURSE_NOT_RECORDED",
      `${printable(results)}: expected records of ${printable(whose)}, found none. Grade first, or name another folder with --results.`,
    );
  }
}

/** A table or page that cannot be written; the records are not lost. */
export class ExportWriteError extends TouchstoneError {
  override readonly exitCode = ExitCode.fault;

  constructor(path: string, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    super(
      "COURSE_EXPORT_WRITE",
      `${printable(path)}: expected to write it, found ${code ?? message}. What was graded is recorded: \`pnpm grade export\` writes it without a new run.`,
      { cause },
    );
  }
}
