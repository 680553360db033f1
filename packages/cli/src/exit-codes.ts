/** What a command's exit code says. */
export const ExitCode = {
  ok: 0,
  /** A score is under its threshold, or regressed. */
  below: 1,
  /** Wrong usage, configuration or input. */
  usage: 2,
  /** The submission failed: time limit, crash, invalid output. */
  submission: 3,
  /** Our own fault, or the machine's. */
  fault: 4,
  /** Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

/**
 * The exit code an error asks for. Errors that are thrown on purpose carry `exitCode`; those that jit throws carry a `code`, of which
 * a missing device is the user's to mend; everything else is our own fault.
 */
export function exitCodeOf(error: unknown): number {
  if (typeof error !== "object" || error === null) return ExitCode.fault;
  const { exitCode, code, name } = error as { exitCode?: unknown; code?: unknown; name?: unknown };
  if (typeof exitCode === "number") return exitCode;
  if (code === "JIT_NO_DEVICE") return ExitCode.usage;
  if (name === "AbortError") return ExitCode.interrupted;
  return ExitCode.fault;
}
