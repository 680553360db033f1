/** What is to be run: a job for each problem, variant and column. */

import { UsageError } from "@touchstone/cli";
import {
  type Assignment,
  type Column,
  type CommandTemplate,
  type Problem,
  SUBMISSION,
} from "../assignment/index.ts";

export interface Job {
  problem: Problem;
  column: Column;
  /** `submission`, or one of the assignment's variants. */
  variant: string;
  command: CommandTemplate;
  /** Whether the command is one of this repository's. */
  isBuiltin: boolean;
}

export interface Selection {
  /** Ids, or `all`; all by default. */
  problems?: readonly string[];
  /** Grade a submission rather than the built-in models. */
  submission?: boolean;
  /** Names of built-in models; by default those that need not be asked for. */
  variants?: readonly string[];
}

/** Stands for all problems. */
export const ALL = "all";

/** @throws UsageError for names that the assignment does not have */
export function jobsOf({ problems }: Pick<Assignment, "problems">, selection: Selection = {}): Job[] {
  const wanted = selection.problems ?? [ALL];
  const ids = problems.map(({ id }) => id);
  for (const id of wanted) if (id !== ALL) requireOneOf("problem", id, ids);
  const chosen = problems.filter(({ id }) => wanted.includes(id) || wanted.includes(ALL));
  if (selection.submission) {
    if (selection.variants) throw new UsageError("--variant", "no such option with --submission", "both");
    return chosen.flatMap((problem) =>
      problem.columns.map((column) => {
        return { problem, column, variant: SUBMISSION, command: problem.command, isBuiltin: false };
      }),
    );
  }
  const known = chosen.flatMap(({ variants }) => variants.map(({ name }) => name));
  for (const name of selection.variants ?? []) requireOneOf("--variant", name, known);
  const jobs = chosen.flatMap((problem) =>
    problem.variants
      .filter(({ name, onRequest }) => selection.variants?.includes(name) ?? !onRequest)
      .flatMap(({ name, builtin }) =>
        problem.columns.map((column): Job => {
          return { problem, column, variant: name, command: builtin, isBuiltin: true };
        }),
      ),
  );
  if (jobs.length === 0)
    throw new UsageError("--submission", "a folder, as these problems have no models of their own", "none");
  return jobs;
}

function requireOneOf(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new UsageError(what, `one of ${[...new Set(known)].join(", ")}`, `"${name}"`);
}

/** As progress and messages call it: `p3, DANN, svhn`. */
export function jobName({ problem, variant, column }: Job): string {
  return [problem.id, variant, ...(column.name === undefined ? [] : [column.name])].join(", ");
}
