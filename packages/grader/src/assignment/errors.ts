/** Errors of reading an assignment. */

import { printable } from "@touchstone/cli";

/** One thing that is wrong in an assignment's file. */
export interface AssignmentProblem {
  /** From 1. */
  line: number;
  column: number;
  /** `problems[0].limits.wall`; empty for the file as a whole. */
  path: string;
  /** What was expected and what was found. */
  message: string;
}

/** An assignment that cannot be used: its message lists everything that is wrong with it. */
export class AssignmentError extends Error {
  readonly code = "GRADER_ASSIGNMENT";
  readonly exitCode = 2;
  readonly problems: readonly AssignmentProblem[];

  constructor(file: string, problems: readonly AssignmentProblem[]) {
    super(problems.map((problem) => describe(file, problem)).join("\n"));
    this.name = new.target.name;
    this.problems = problems;
  }
}

/** An assignment's file that cannot be read. */
export class AssignmentFileError extends Error {
  readonly code = "GRADER_ASSIGNMENT_FILE";
  readonly exitCode = 2;

  constructor(file: string, found: string, options?: ErrorOptions) {
    super(`${printable(file)}: expected an assignment in YAML, found ${found}.`, options);
    this.name = new.target.name;
  }
}

/** A command needs a value that the grader did not give: our fault. */
export class MissingPlaceholderError extends Error {
  readonly code = "GRADER_MISSING_PLACEHOLDER";
  readonly exitCode = 4;

  constructor(command: readonly string[], placeholder: string) {
    super(`${printable(command.join(" "))}: expected a value for {${placeholder}}, found none.`);
    this.name = new.target.name;
  }
}

function describe(file: string, { line, column, path, message }: AssignmentProblem): string {
  return [`${printable(file)}:${line}:${column}`, ...(path === "" ? [] : [path]), message]
    .map(printable)
    .join(": ");
}
