/** Options of `pnpm grade --roster`. */

import { type Command, integer, UsageError } from "@touchstone/cli";
import { existing, type GradeFlags, list } from "@touchstone/grader";
import { EXPORTS } from "../exports/export.ts";

export interface ClassFlags extends GradeFlags {
  roster: string;
  submissions: string;
  match?: string;
  /** `false` drops what was decided before. */
  policy?: string | false;
  student?: string[];
  changed?: true;
  dryRun?: true;
  jobs?: number;
  redis?: string;
  root?: string;
  report?: string[];
  page: boolean;
  json?: true;
}

const EXAMPLE = `
A class: --roster and --submissions grade everyone on a list (docs/class.md). Reports of a class (--report gradebook=grades.csv; a
folder for gradescope and prairielearn): ${Object.keys(EXPORTS).join(", ")}.
  pnpm grade all --roster class.csv --submissions students --jobs 4 --policy policy.yaml --report gradebook=grades.csv`;

export function withClassOptions(command: Command): Command {
  return command
    .optionsGroup("A class:")
    .option("--roster <csv>", "grade a class: student_id, last_name, first_name, email", existing("--roster"))
    .option("--submissions <folder>", "a folder for each student", existing("--submissions"))
    .option("--match <name>", "how folders are called (default: {student_id}), such as hw2-{student_id}-*")
    .option("--policy <yaml>", "late days, penalties, exceptions, points by hand", existing("--policy"))
    .option("--no-policy", "nothing of the kind (default: as in the last grading of the class)")
    .option("--student <id>", "only this one; any number of times", list)
    .option("--changed", "only those of whom something has to be graded again")
    .option("--dry-run", "say what would be graded, and run nothing")
    .option("--jobs <n>", "students at once (default: 1)", integer("--jobs", 1, 1024))
    .option("--redis <url>", "let workers of other machines grade (pnpm grade worker)")
    .option("--root <folder>", "with --redis: a folder that the workers have elsewhere", existing("--root"))
    .addHelpText("after", EXAMPLE);
}

const OF_CLASS = [
  "submissions",
  "match",
  "policy",
  "student",
  "changed",
  "dryRun",
  "jobs",
  "redis",
  "root",
] as const;
const OF_ONE = ["submission", "id", "variant", "daysLate", "penalty", "open"] as const;

/** @throws UsageError where what is asked for would be passed over */
export function isClass(flags: GradeFlags): boolean {
  const given = flags as unknown as Readonly<Record<string, unknown>>;
  if (given.roster === undefined) {
    const alone = OF_CLASS.find((name) => given[name] !== undefined);
    if (alone !== undefined) throw new UsageError(optionOf(alone), "--roster beside it", "none");
    return false;
  }
  const wrong = OF_ONE.find((name) => given[name] !== undefined);
  if (wrong !== undefined) {
    const hint = wrong === "daysLate" || wrong === "penalty" ? " (a class has --policy)" : "";
    throw new UsageError(optionOf(wrong), `no such option with --roster${hint}`, "both");
  }
  if (given.submissions === undefined)
    throw new UsageError("--submissions", "the folder of the class's submissions", "none");
  if (given.redis !== undefined && given.jobs !== undefined)
    throw new UsageError("--jobs", "it at `pnpm grade worker` where there is --redis", "both");
  if (given.root !== undefined && given.redis === undefined)
    throw new UsageError("--root", "--redis beside it", "none");
  return true;
}

const optionOf = (name: string) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Ids that are asked for. @throws UsageError where one is not on the list */
export function chosenOf(
  chosen: readonly string[] | undefined,
  ids: readonly string[],
): readonly string[] | undefined {
  const unknown = chosen?.find((id) => !ids.includes(id));
  if (unknown !== undefined)
    throw new UsageError("--student", "a student_id of the class list", `"${unknown}"`);
  return chosen;
}
