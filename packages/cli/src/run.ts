/** Runs a commander program as every command runs: errors in one line, exit codes, Ctrl-C, closed pipes. */

import { type Command, CommanderError } from "commander";
import { ExitCode, exitCodeOf } from "./exit-codes.ts";
import { printable } from "./printable.ts";

/**
 * Parses `argv` (without node and script), runs the action and returns the exit code: an action sets another than 0 through
 * `process.exitCode`. `TOUCHSTONE_DEBUG=1` prints the stack of any error; what nobody foresaw prints it always.
 */
export async function runProgram(program: Command, argv: readonly string[]): Promise<number> {
  for (const command of withSubcommands(program)) {
    command.exitOverride().showHelpAfterError("(--help shows how it is used)");
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return Number(process.exitCode ?? ExitCode.ok);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed its message, or the help that was asked for.
      return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    }
    const exitCode = exitCodeOf(error);
    process.stderr.write(`${describe(program.name(), error, exitCode)}\n`);
    return exitCode;
  }
}

/** Runs `program` with this process's arguments and ends the process with its exit code. */
export async function main(program: Command): Promise<void> {
  // `pnpm fid ... | head` closes the pipe: nobody is left to tell.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? ExitCode.ok : ExitCode.fault);
  });
  const exitCode = await runProgram(program, process.argv.slice(2));
  // Only once all output is out; process.exit would cut off a pipe.
  process.stdout.write("", () => process.exit(exitCode));
}

/**
 * Calls `work` with a signal that the first Ctrl-C (or SIGTERM) aborts, so that it can save what it has and end;
 * the second one ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(ExitCode.interrupted);
    process.stderr.write("\nStopping; press Ctrl-C again to stop at once.\n");
    controller.abort();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

function describe(name: string, error: unknown, exitCode: number): string {
  if (!(error instanceof Error)) return `${name}: ${printable(String(error))}`;
  // A full disk is our side's fault, too, but no mistake in the program: its error says what it is.
  const isUnforeseen = exitCode === ExitCode.fault && !("exitCode" in error);
  if ((isUnforeseen || process.env.TOUCHSTONE_DEBUG) && error.stack) return `${name}: ${error.stack}`;
  return `${name}: ${error.message.split("\n").map(printable).join("\n")}`;
}

function* withSubcommands(command: Command): Generator<Command> {
  yield command;
  for (const child of command.commands) yield* withSubcommands(child);
}
