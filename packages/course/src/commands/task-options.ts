/** What the options of `pnpm grade` say to the tasks of a queue. */

import { resolve } from "node:path";
import { type Assignment, build, type GradeFlags, parseVariable } from "@touchstone/grader";
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
  return { assignment: { id, file: resolve(file), sha256 }, version: build(), results, options };
}
