/** What must be right between the fields of a problem: names that are used are known, placeholders have values, metrics suit the output. */

import type { z } from "zod";
import { FUNCTIONS } from "../rubric/expression.ts";
import { type CommandTemplate, type Placeholder, placeholdersOf } from "./command.ts";
import { baselinesOf, type MetricSpec, valuesOf } from "./metrics.ts";
import { suggestion } from "./nearest.ts";
import type { Output } from "./output.ts";
import type { GivenProblem } from "./problem.ts";

type Path = (string | number)[];
type Part = Pick<NonNullable<GivenProblem["columns"]>[number], "images" | "labels" | "metrics" | "rubric">;
type Report = (path: Path, message: string) => void;

/** The row of the table that a student's submission has. */
export const SUBMISSION = "submission";

/** Commands of this repository that run its models. */
const BUILTIN_COMMANDS = ["sample", "predict"];

/** Values of the run, beside the metrics' own. */
const RUN_VALUES = ["seconds", "limit"];

export function checkProblem(given: GivenProblem, context: z.RefinementCtx<GivenProblem>): void {
  const reported = new Set<string>();
  const report: Report = (path, message) => {
    const problem = JSON.stringify([path, message]);
    // Columns that share a rubric share its mistakes.
    if (!reported.has(problem)) context.addIssue({ code: "custom", path: [...path], message, input: given });
    reported.add(problem);
  };
  checkCommands(given, report);
  requireUnique(
    given.variants.map(({ name }) => name),
    (i) => report(["variants", i, "name"], "expected a name of its own, found one that another variant has"),
  );
  requireUnique(
    (given.columns ?? []).map(({ name }) => name),
    (i) => report(["columns", i, "name"], "expected a name of its own, found one that another column has"),
  );
  checkMetrics(given.metrics, ["metrics"], given.output, report);
  for (const [i, column] of (given.columns ?? []).entries()) {
    if (column.metrics) checkMetrics(column.metrics, ["columns", i, "metrics"], given.output, report);
    checkPart(column, given, ["columns", i], report);
  }
  if (given.columns === undefined) checkPart(given, given, [], report);
  checkPublished(given, report);
}

/** A column, or a problem without columns. */
function checkPart(part: Part, given: GivenProblem, path: Path, report: Report): void {
  const metrics = part.metrics ?? given.metrics;
  const labels = part.labels ?? given.labels;
  if (labels === undefined && metrics.some(({ kind }) => kind === "label-accuracy")) {
    report(path, "expected labels, which a label-accuracy needs, found none");
  }
  const known = [...metrics.flatMap(valuesOf), ...Object.keys(baselinesOf(metrics)), ...RUN_VALUES];
  const rubricPath = part.rubric ? [...path, "rubric"] : ["rubric"];
  for (const [i, { earned }] of (part.rubric ?? given.rubric).entries()) {
    for (const name of earned.names.filter((name) => !known.includes(name))) {
      const expected = `expected metrics, baselines and ${RUN_VALUES.join(", ")}`;
      report([...rubricPath, i, "earned"], `${expected}, found "${name}"${suggestion(name, known)}`);
    }
  }
}

function checkCommands(given: GivenProblem, report: Report): void {
  if (placeholdersOf(given.command).includes("checkpoints")) {
    report(["command"], "expected no {checkpoints}, which are for builtin commands alone, found it");
  }
  checkPlaceholders(given.command, ["command"], given, report);
  for (const [i, { name, builtin }] of given.variants.entries()) {
    const path: Path = ["variants", i];
    if (name === SUBMISSION)
      report([...path, "name"], `expected another name: ${SUBMISSION} is a student's row`);
    const program = builtin[0]!;
    if (!BUILTIN_COMMANDS.includes(program)) {
      const expected = `expected a command of this repository (${BUILTIN_COMMANDS.join(", ")})`;
      report([...path, "builtin"], `${expected}, found "${program}"${suggestion(program, BUILTIN_COMMANDS)}`);
    }
    checkPlaceholders(builtin, [...path, "builtin"], given, report);
  }
}

function checkPlaceholders(words: CommandTemplate, path: Path, given: GivenProblem, report: Report): void {
  const used = placeholdersOf(words) as Placeholder[];
  const [wanted, other] =
    given.output.kind === "images" ? (["out", "csv"] as const) : (["csv", "out"] as const);
  if (!used.includes(wanted)) report(path, `expected {${wanted}}, where the output goes, found none`);
  if (used.includes(other))
    report(path, `expected {${wanted}} for an output of ${given.output.kind}, found {${other}}`);
  const sources = given.columns ?? [given];
  if (used.includes("images") && sources.some(({ images = given.images }) => images === undefined)) {
    report(
      path,
      `expected images of ${given.columns ? "every column" : "the problem"}, which {images} stands for, found none`,
    );
  }
  if (used.includes("column") && given.columns === undefined) {
    report(path, "expected columns, of which {column} is the name, found none");
  }
}

function checkMetrics(metrics: readonly MetricSpec[], path: Path, output: Output, report: Report): void {
  const reserved = [...Object.keys(FUNCTIONS), ...RUN_VALUES];
  const seen = new Set<string>();
  for (const [i, metric] of metrics.entries()) {
    const suits = (metric.kind === "label-accuracy") === (output.kind === "csv");
    if (!suits) report([...path, i, "kind"], `expected a metric of ${output.kind}, found ${metric.kind}`);
    else if (metric.kind === "digit-accuracy" && output.kind === "images" && !output.names?.classes) {
      report(
        [...path, i, "kind"],
        "expected names with a {class} in the output, which are the labels, found none",
      );
    }
    for (const name of [...valuesOf(metric), ...Object.keys(baselinesOf([metric]))]) {
      if (reserved.includes(name)) {
        report([...path, i], `expected another name than "${name}", which expressions know already`);
      } else if (seen.has(name)) {
        report([...path, i], `expected a name of its own, found "${name}" twice; give it another name`);
      }
      seen.add(name);
    }
  }
}

function checkPublished(given: GivenProblem, report: Report): void {
  const variants = [SUBMISSION, ...given.variants.map(({ name }) => name)];
  const columns = (given.columns ?? []).map(({ name }) => name);
  const metrics = [given, ...(given.columns ?? [])].flatMap(({ metrics = [] }) => metrics.flatMap(valuesOf));
  for (const [i, { variant = [], column, values }] of given.published.entries()) {
    const require = (name: string, known: readonly string[], field: string, what: string) => {
      if (known.includes(name)) return;
      const path = ["published", i, ...(field === "values" ? [field, name] : [field])];
      report(path, `expected ${what}, found "${name}"${suggestion(name, known)}`);
    };
    for (const name of variant) require(name, variants, "variant", "a variant");
    if (column !== undefined) require(column, columns, "column", "a column");
    for (const name of Object.keys(values)) require(name, metrics, "values", "a metric");
  }
}

function requireUnique(names: readonly string[], onRepeated: (index: number) => void): void {
  for (const [i, name] of names.entries()) if (names.indexOf(name) < i) onRepeated(i);
}
