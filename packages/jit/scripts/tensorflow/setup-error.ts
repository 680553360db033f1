/**
 * A fault in the machine's setup or in the arguments: says what was expected, what was found and what to do.
 * The command prints it without a stack trace and exits with 2.
 */

export interface SetupFault {
  /** One sentence: what is wrong. */
  problem: string;
  expected: string;
  found: string;
  /** Commands or steps, one a line. */
  remedy: string[];
}

export class SetupError extends Error {
  readonly code = "TENSORFLOW_SETUP";

  constructor({ problem, expected, found, remedy }: SetupFault) {
    const indent = (text: string) => text.replaceAll("\n", "\n            ");
    super(
      [
        problem,
        `  expected: ${indent(expected)}`,
        `  found:    ${indent(found)}`,
        `  do:       ${indent(remedy.join("\n"))}`,
      ].join("\n"),
    );
    this.name = "SetupError";
  }
}
