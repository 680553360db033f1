/** Settings of a leaderboard, named and meant as Codabench's: https://docs.codabench.org/latest/Organizers/Benchmark_Creation/Yaml-Structure/. */

import { z } from "zod";

const title = z.string({ error: "a title" }).min(1, { error: "a title" }).max(200, { error: "a title" });

const column = z.strictObject({
  title,
  /** `points`, `p1.points`, `p1.fid`, `p1.seconds`, and with a column `p3.svhn.accuracy`; of a computed column any name. */
  key: z
    .string({ error: "a key such as p1.fid" })
    .regex(/^[\w.-]{1,200}$/, { error: "a key such as p1.fid" }),
  /** Where it stands, from 0; the column at 0 ranks first. */
  index: z.int({ error: "a whole number of 0 or more" }).min(0),
  /** `desc`: larger is better. */
  sorting: z.enum(["asc", "desc"]).default("desc"),
  /** Decimals that are shown, and that count in the ranking. */
  precision: z.int({ error: "a number of decimals from 0 to 10" }).min(0).max(10).default(2),
  hidden: z.boolean({ error: "true or false" }).default(false),
  computation: z.enum(["sum", "avg", "min", "max"]).exactOptional(),
  computation_indexes: z
    .array(z.int({ error: "a column's index" }))
    .min(1)
    .exactOptional(),
});

export const leaderboardSettings = z
  .strictObject({
    title: title.default("Leaderboard"),
    /**
     * Which of a student's gradings stands: the last, or the best of each problem. Codabench's other rules let participants choose, and
     * nobody is there to be asked.
     */
    submission_rule: z.enum(["Force_Last", "Force_Best"]).default("Force_Last"),
    columns: z.array(column, { error: "a list of columns" }).min(1, { error: "at least one column" }),
  })
  .superRefine(({ columns }, context) => {
    const indexes = columns.map(({ index }) => index);
    const say = (i: number, field: string, message: string) =>
      context.addIssue({ code: "custom", path: ["columns", i, field], message, input: columns[i] });
    for (const [i, { index, computation, computation_indexes: parts }] of columns.entries()) {
      if (indexes.indexOf(index) !== i)
        say(i, "index", `expected an index of its own, found ${index}, which another column has`);
      if ((computation === undefined) !== (parts === undefined))
        say(i, "key", "expected computation and computation_indexes together, found one of them");
      for (const part of parts ?? []) {
        const of = columns.find((other) => other.index === part);
        if (of === undefined || of.computation !== undefined)
          say(i, "computation_indexes", `expected indexes of columns that are not computed, found ${part}`);
      }
    }
  });

export type LeaderboardSettings = z.output<typeof leaderboardSettings>;
export type LeaderboardColumn = LeaderboardSettings["columns"][number];
