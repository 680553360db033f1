/** What a course decides about its students besides the assignment: late days, penalties, exceptions, points by hand. */

import { z } from "zod";
import { leaderboardSettings } from "./leaderboard-settings.ts";

const line = (what: string) =>
  z.string({ error: what }).trim().min(1, { error: what }).max(2000, { error: "at most 2000 letters" });

const override = z.strictObject({
  problem: line("a problem's id"),
  /** Only this column's. */
  column: line("a column's name").exactOptional(),
  /** In place of what the rubric gives; late days and penalties are still taken off. */
  points: z
    .number({ error: "points of 0 or more" })
    .min(0, { error: "points of 0 or more" })
    .max(1e6, { error: "points" }),
  /** Everyone who reads the points reads it, too. */
  reason: line("a reason, which is shown with the points"),
});

const overrides = z.array(override, { error: "a list of overrides" }).superRefine((all, context) => {
  const about = all.map(({ problem, column }) => JSON.stringify([problem, column ?? null]));
  for (const [i, one] of about.entries()) {
    if (about.indexOf(one) === i) continue;
    const message = `expected one override of ${all[i]!.problem}, found another one`;
    context.addIssue({ code: "custom", path: [i, "problem"], message, input: all[i] });
  }
});

const studentPolicy = z.strictObject({
  /** In place of the class list's `days_late`. */
  daysLate: z.int({ error: "a number of days of 0 or more" }).min(0).exactOptional(),
  /** Names of the assignment's. */
  penalties: z.array(line("a penalty's name"), { error: "a list of penalties" }).exactOptional(),
  /** `true`: from all of it. Otherwise from these problems, which then do not count. */
  excused: z
    .union([z.boolean(), z.array(line("a problem's id")).min(1)], {
      error: "true, false or a list of problems",
    })
    .exactOptional(),
  overrides: overrides.exactOptional(),
});

export const policySchema = z.strictObject({
  /** Of the assignment, as gradebooks show it. */
  deadline: line("a date").exactOptional(),
  /** By id. */
  students: z.record(z.string(), studentPolicy, { error: "a map of students" }).default({}),
  leaderboard: leaderboardSettings.exactOptional(),
});

export type Policy = z.output<typeof policySchema>;
export type StudentPolicy = z.output<typeof studentPolicy>;
export type Override = z.output<typeof override>;

export const NO_POLICY: Policy = { students: {} };
