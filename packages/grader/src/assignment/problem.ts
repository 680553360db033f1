/** One problem of an assignment: what is run, what must come out, what it is worth. */

import { z } from "zod";
import { checkProblem } from "./check-problem.ts";
import { command, expression, line, slug, title } from "./fields.ts";
import { limits } from "./limits.ts";
import { metric } from "./metrics.ts";
import { output } from "./output.ts";
import { reference } from "./reference.ts";

const points = z
  .number({ error: "points above 0" })
  .positive({ error: "points above 0" })
  .max(1e6, { error: "points" });

/** A line of the rubric. */
const rubricLine = z
  .strictObject({
    /** By default the expression. */
    label: line.exactOptional(),
    points,
    /** Gives the points, or whether they are all earned: `fid <= fid_strong`. */
    earned: expression,
  })
  .transform(({ label, ...rest }) => ({ label: label ?? rest.earned.text, ...rest }));

/** One of this repository's models, run by one of its commands as if it were a submission. */
const variant = z.strictObject({
  name: title,
  /** A command of this repository with its arguments: `sample dcgan --out {out} ...`. */
  builtin: command,
  /** Only where it is asked for by name. */
  onRequest: z.boolean({ error: "true or false" }).default(false),
});

/** What a problem is asked of: its test images and their labels. */
const input = {
  /** Passed as {images}. */
  images: reference.exactOptional(),
  /** What is compared with a table of labels. */
  labels: reference.exactOptional(),
};

/** A run of its own for each, and a column of the table: P3's target. */
const column = z.strictObject({
  name: slug,
  title: title.exactOptional(),
  ...input,
  /** In place of the problem's. */
  metrics: z.array(metric, { error: "a list of metrics" }).exactOptional(),
  /** In place of the problem's. */
  rubric: z.array(rubricLine, { error: "a list of lines" }).exactOptional(),
});

const reportItem = z
  .union([line, z.strictObject({ item: line, points: points.exactOptional() })], {
    error: "text, or an item with points",
  })
  .transform((item) => (typeof item === "string" ? { item } : item));

/** Figures that somebody else has got, to show beside ours. */
const published = z.strictObject({
  /** Who: `report`. */
  by: line,
  /** The rows of the table that it is shown in; by default all. `submission` is a student's. */
  variant: z
    .union([title, z.array(title)], { error: "a variant, or a list of them" })
    .transform((names) => (typeof names === "string" ? [names] : names))
    .exactOptional(),
  column: slug.exactOptional(),
  /** By the metric's name. */
  values: z.record(z.string(), z.number({ error: "a number" })),
});

const shape = z.strictObject({
  id: slug,
  title: line.exactOptional(),
  /** Runs a submission, in a copy of its folder. */
  command,
  variants: z.array(variant, { error: "a list of variants" }).default([]),
  ...input,
  columns: z
    .array(column, { error: "a list of columns" })
    .min(1, { error: "at least one column" })
    .exactOptional(),
  limits: limits.default({}),
  network: z.boolean({ error: "true or false" }).default(false),
  gpu: z.boolean({ error: "true or false" }).default(false),
  /** Whether its run has its device for itself where several are graded at once. By default where a metric is a throughput. */
  timed: z.boolean({ error: "true or false" }).exactOptional(),
  output,
  metrics: z.array(metric, { error: "a list of metrics" }).default([]),
  rubric: z.array(rubricLine, { error: "a list of lines" }).default([]),
  report: z.array(reportItem, { error: "a list of items" }).default([]),
  published: z.array(published, { error: "a list of figures" }).default([]),
});

export type GivenProblem = z.output<typeof shape>;
export type RubricLine = z.output<typeof rubricLine>;
export type Variant = z.output<typeof variant>;
export type PublishedFigures = z.output<typeof published>;
export type ReportItem = z.output<typeof reportItem>;

export const problem = shape.superRefine((given, context) => checkProblem(given, context));
