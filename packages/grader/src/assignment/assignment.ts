/** What an assignment consists of: one YAML file, as `docs/assignments.md` describes it. */

import { z } from "zod";
import type { Limits } from "../run/request.ts";
import { line, share, slug } from "./fields.ts";
import { limits } from "./limits.ts";
import type { MetricSpec } from "./metrics.ts";
import { type GivenProblem, problem, type RubricLine } from "./problem.ts";
import type { Reference } from "./reference.ts";

export interface Assignment extends Omit<GivenAssignment, "title" | "limits" | "problems"> {
  title: string;
  problems: Problem[];
  /** Of its file, as it was given. */
  file: string;
  /** Of the file's content, hexadecimal. */
  sha256: string;
}

/** Without columns a problem's images, labels, metrics and rubric are those of its only column; with columns, what these do not say. */
type OfColumns = "columns" | "images" | "labels" | "metrics" | "rubric";

export interface Problem extends Omit<GivenProblem, "title" | "limits" | "timed" | OfColumns> {
  title: string;
  /** Its run has its device for itself. */
  timed: boolean;
  /** At least one; the only one of a problem without columns has no name. */
  columns: Column[];
  limits: Limits;
}

/** What each variant of a problem is run for. */
export interface Column {
  name?: string;
  title?: string;
  /** Test images, passed as {images}. */
  images?: Reference;
  labels?: Reference;
  metrics: MetricSpec[];
  rubric: RubricLine[];
}

export type LatePolicy = GivenAssignment["late"];
export type Penalty = GivenAssignment["penalties"][string];

/** The file itself, before what it leaves out is filled in. */
export const assignmentSchema = z
  .strictObject({
    id: slug,
    title: line.exactOptional(),
    /** Days after the deadline. */
    late: z
      .strictObject({
        /** That cost nothing. */
        freeDays: z.int({ error: "a number of days of 0 or more" }).min(0).default(0),
        /** What each further day takes off all points. */
        perDay: share,
      })
      .default({ freeDays: 0, perDay: 0 }),
    /** What a grader can take off the points of the rubric, by name: `codeFix`. */
    penalties: z.record(slug, z.strictObject({ label: line, share })).default({}),
    /** For people. */
    rules: z.array(line, { error: "a list of rules" }).default([]),
    /** Of all problems that do not say otherwise. */
    limits: limits.default({}),
    problems: z.array(problem, { error: "a list of problems" }).min(1, { error: "at least one problem" }),
  })
  .superRefine(({ problems }, context) => {
    const ids = problems.map(({ id }) => id);
    for (const [i, id] of ids.entries()) {
      if (ids.indexOf(id) === i) continue;
      const message = `expected an id of its own, found "${id}", which another problem has`;
      context.addIssue({ code: "custom", path: ["problems", i, "id"], message, input: id });
    }
  });

export type GivenAssignment = z.output<typeof assignmentSchema>;
