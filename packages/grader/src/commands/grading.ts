/** What `pnpm grade` and `pnpm grade check` have in common: what is graded, and how. */

import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Command,
  type DeviceName,
  deviceOption,
  follow,
  integer,
  interruptible,
  Option,
  progressRenderer,
  UsageError,
} from "@touchstone/cli";
import { type Assignment, readAssignment } from "../assignment/index.ts";
import { type Deductions, grade, type Job, jobsOf } from "../grade/index.ts";
import { openRecords } from "../records/index.ts";
import type { Grading } from "../results/results.ts";
import { openReferences } from "../score/references.ts";
import { existing } from "./path-option.ts";

export interface GradeFlags {
  assignment: string;
  submission?: string;
  id?: string;
  variant?: string[];
  reference?: string;
  privateReference?: string;
  data?: string;
  results: string;
  device: DeviceName;
  seed: number;
  offline?: true;
  fresh?: true;
  daysLate?: number;
  penalty?: string[];
  readable?: string[];
  hide?: string[];
  env?: string[];
  containment?: "bwrap" | "session";
}

/** The assignment that is graded where none is named. */
export const HOMEWORK = fileURLToPath(new URL("../../../../assignments/dlcv-hw2.yaml", import.meta.url));

/** Of an option that may be given more than once. */
export const list = (value: string, before: string[] = []): string[] => [...before, value];

const paths = (option: string) => (value: string, before: string[]) => list(existing(option)(value), before);

/** What `grade` and `grade check` have in common. */
export function withGradeOptions(command: Command): Command {
  return command
    .option("--assignment <yaml>", "another assignment than the homework", HOMEWORK)
    .option("--submission <folder>", "a student's, which is copied before it runs")
    .option("--id <name>", "whose it is (default: the folder's name)")
    .option("--variant <name>", "only this model of the repository; any number of times", list)
    .option(
      "--reference <path>",
      "images to compare with, instead of the assignment's",
      existing("--reference"),
    )
    .option("--private-reference <path>", "images that students do not have", existing("--private-reference"))
    .option(
      "--data <folder>",
      "data in the homework's layout (default: $TOUCHSTONE_DATA, then the cache)",
      existing("--data"),
    )
    .option("--results <folder>", "records, and what submissions made", "results")
    .addOption(deviceOption())
    .option("--seed <n>", "of subsets and resampling", integer("--seed", 0), 0)
    .option("--offline", "download nothing")
    .option("--fresh", "grade again what was graded before")
    .addOption(daysLateOption())
    .addOption(penaltyOption())
    .option("--readable <path>", "also visible to the submission; any number of times", paths("--readable"))
    .option("--hide <path>", "not visible to the submission; any number of times", paths("--hide"))
    .option("--env <name=value>", "in its environment, which is else empty; any number of times", list)
    .addOption(
      new Option("--containment <kind>", "instead of the stronger one that works here").choices([
        "bwrap",
        "session",
      ]),
    );
}

export const daysLateOption = () =>
  new Option("--days-late <n>", "days after the deadline").argParser(integer("--days-late", 0));

export const penaltyOption = () =>
  new Option("--penalty <name>", "one of the assignment's, such as codeFix; any number of times").argParser<
    string[]
  >(list);

/** Undefined where nothing is said of it. */
export function deductionsOf({
  daysLate,
  penalty,
}: Pick<GradeFlags, "daysLate" | "penalty">): Deductions | undefined {
  if (daysLate === undefined && penalty === undefined) return undefined;
  return { ...(daysLate !== undefined && { daysLate }), ...(penalty && { penalties: penalty }) };
}

/** @throws UsageError, AssignmentError and what a grading throws; the reason of Ctrl-C */
export async function runGrading(
  problems: readonly string[],
  flags: GradeFlags,
): Promise<{ grading: Grading; jobs: Job[] }> {
  const assignment = await readAssignment(flags.assignment);
  requireSense(flags);
  const jobs = jobsOf(assignment, {
    problems,
    submission: flags.submission !== undefined,
    ...(flags.variant && { variants: flags.variant }),
  });
  return interruptible(async (signal) => {
    try {
      const work = gradingWork(assignment, jobs, flags, signal);
      return { grading: await follow(work, progressRenderer(process.stderr)), jobs };
    } catch (error) {
      if (signal.aborted)
        process.stderr.write("What was graded is recorded; the same command goes on with the rest.\n");
      throw error;
    }
  });
}

/** What would be passed over is refused. @throws UsageError */
function requireSense({ submission, id, daysLate, penalty, results }: GradeFlags): void {
  const ofSubmissions = { "--id": id, "--days-late": daysLate, "--penalty": penalty };
  for (const [option, value] of Object.entries(ofSubmissions)) {
    if (submission === undefined && value !== undefined)
      throw new UsageError(option, "--submission beside it", "none");
  }
  if (id === "") throw new UsageError("--id", "a name", "none");
  if (submission !== undefined && resolve(submission) === resolve(results))
    throw new UsageError("--results", "another folder than the submission's", `"${results}"`);
}

function gradingWork(assignment: Assignment, jobs: readonly Job[], flags: GradeFlags, signal: AbortSignal) {
  const { data, reference, privateReference, submission, id, device, seed, containment } = flags;
  const results = resolve(flags.results);
  const references = openReferences({
    base: resolve(flags.assignment, ".."),
    ...(data !== undefined && { data }),
    ...(reference !== undefined && { reference }),
    ...(privateReference !== undefined && { privateReference }),
  });
  const path = submission === undefined ? undefined : resolve(submission);
  return grade(
    assignment,
    jobs,
    {
      results,
      records: openRecords(results),
      references,
      ...(path !== undefined && { submission: { id: id ?? basename(path), path } }),
      hidden: flags.hide ?? [],
      readable: flags.readable ?? [],
      env: Object.fromEntries((flags.env ?? []).map(parseVariable)),
      device,
      seed,
      offline: flags.offline ?? false,
      fresh: flags.fresh ?? false,
      ...(containment && { containment }),
      signal,
    },
    deductionsOf(flags),
  );
}

/** `NAME=VALUE`. @throws UsageError */
export function parseVariable(text: string): [string, string] {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError("--env", "NAME=VALUE", `"${text}"`);
  return [name, value];
}
