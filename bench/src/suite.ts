// A benchmark suite: a subcommand of `pnpm bench`.
export interface Suite {
  name: string;
  /** One line for the list of suites. */
  summary: string;
  help: string;
  /** @throws UsageError if the options are wrong */
  run(argv: string[]): Promise<void>;
}

/** Wrong options: told in one line, exit code 2. */
export class UsageError extends Error {
  readonly code = "BENCH_USAGE";
}

/** The number that an option's text is. @throws UsageError */
export function whole(option: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= least) return value;
  throw new UsageError(`${option}: expected a whole number of at least ${least}, found "${text}"`);
}
