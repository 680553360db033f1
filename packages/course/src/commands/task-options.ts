/** What the options of `pnpm grade` say to a task of a queue, and to whoever foresees what it finds. */

import { dirname, resolve } from "node:path";
import {
  type Assignment,
  type GradeContext,
  type GradeFlags,
  openRecords,
  openReferences,
  parseVariable,
  VERSION,
} from "@touchstone/grader";
import type { GradingTask, TaskOptions } from "@touchstone/queue";

export function taskOptions(flags: GradeFlags, now: Date): TaskOptions {
  const {
    data,
    reference,
    privateReference,
    device,
    seed,
    offline,
    fresh,
    readable,
    hide,
    env,
    containment,
  } = flags;
  return {
    ...(data !== undefined && { data: resolve(data) }),
    ...(reference !== undefined && { reference }),
    ...(privateReference !== undefined && { privateReference }),
    ...{ device, seed, offline: offline ?? false },
    ...(fresh && { freshSince: now.toISOString() }),
    ...(readable && { readable }),
    ...(hide && { hide }),
    ...(env && { env: Object.fromEntries(env.map(parseVariable)) }),
    ...(containment && { containment }),
  };
}

export function commonOf(
  { id, file, sha256 }: Assignment,
  results: string,
  options: TaskOptions,
): Omit<GradingTask, "student" | "submission" | "problems"> {
  return { assignment: { id, file: resolve(file), sha256 }, version: VERSION, results, options };
}

/** What keys follow from, as the queue's processes have it. */
export function foreseeingContext(
  assignment: Pick<Assignment, "file">,
  results: string,
  options: TaskOptions,
): Omit<GradeContext, "submission"> {
  const { data, reference, privateReference, readable, hide, env, freshSince, containment, ...rest } =
    options;
  return {
    ...rest,
    ...(containment && { containment }),
    results,
    records: openRecords(results),
    references: openReferences({
      base: dirname(resolve(assignment.file)),
      ...(data !== undefined && { data }),
      ...(reference !== undefined && { reference }),
      ...(privateReference !== undefined && { privateReference }),
    }),
    readable: readable ?? [],
    hidden: hide ?? [],
    env: env ?? {},
    fresh: freshSince !== undefined,
  };
}
