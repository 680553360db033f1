/** What the grader is told by a task, but for whose submission it is. */

import { dirname } from "node:path";
import { type GradeContext, openRecords, openReferences, type ReferenceOptions } from "@touchstone/grader";
import type { GradingTask } from "./task.ts";

/** @param referencesOf where some are open already */
export function contextOf(
  { assignment, results, options }: Pick<GradingTask, "assignment" | "results" | "options">,
  referencesOf: (options: ReferenceOptions) => GradeContext["references"] = openReferences,
): Omit<GradeContext, "submission"> {
  const { data, reference, privateReference, readable, hide, env, freshSince, containment, ...rest } =
    options;
  return {
    ...rest,
    ...(containment && { containment }),
    results,
    records: openRecords(results),
    references: referencesOf({
      base: dirname(assignment.file),
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
