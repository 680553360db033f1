/** `comparisonModel(gradings)`: several submissions side by side, or the same one graded twice: what changed, and why. */

import { threeDigits } from "@touchstone/cli";
import { metricAgainstBaselines } from "../figures/estimates.ts";
import type { Figure } from "../figures/figure.ts";
import type { ReportModel, Section } from "../page/model.ts";
import { plainTable, type Table } from "../table.ts";
import { oneLine } from "../text.ts";
import { changesTable } from "./changes.ts";
import type { GradingInput, MetricInput, ResultInput } from "./grading.ts";
import { runName, unique } from "./names.ts";
import { unlike } from "./unlike.ts";
import { estimateText, hasValue, shortNumber } from "./values.ts";

export interface ComparedGrading {
  /** A submission's name, or which run it is: `before`. */
  name: string;
  grading: GradingInput;
}

/** @param gradings at least two, of one assignment; of exactly two the changes are listed, from the first to the second */
export async function comparisonModel(gradings: readonly ComparedGrading[]): Promise<ReportModel> {
  const results = gradings.flatMap(({ grading }) => grading.results);
  const [first, second] = gradings;
  const sections: Section[] = [{ title: "Summary", tables: [summaryTable(gradings)] }];
  if (first && second && gradings.length === 2) {
    sections.push({
      title: "What changed",
      tables: [changesTable(first, second), ...versionsTables(first, second)],
    });
  }
  for (const problem of unique(results.map((result) => result.problem))) {
    sections.push(await problemSection(problem, gradings));
  }
  return {
    title: `${oneLine(first?.grading.assignment.title ?? "Nothing", 120)}: ${gradings.length} gradings compared`,
    facts: [],
    sections,
  };
}

function summaryTable(gradings: readonly ComparedGrading[]): Table {
  return plainTable(
    "Gradings",
    ["grading", "points", "of", "graded", "failed", "not gradable"],
    gradings.map(({ name, grading: { points, results } }) => {
      const count = (status: ResultInput["status"]) =>
        String(results.filter((result) => result.status === status).length);
      return [
        oneLine(name, 120),
        points && shortNumber(points.earned),
        points && shortNumber(points.possible),
        ...[count("graded"), count("failed"), count("not-gradable")],
      ];
    }),
  );
}

interface Row {
  name: string;
  result: ResultInput;
}

/** A row for each grading and run, a column for each metric; and a figure of each metric. */
async function problemSection(problem: string, gradings: readonly ComparedGrading[]): Promise<Section> {
  const rows = gradings.flatMap(({ name, grading }) =>
    grading.results.filter((result) => result.problem === problem).map((result): Row => ({ name, result })),
  );
  const title = `${oneLine(problem, 60)}: ${oneLine(rows[0]!.result.title, 120)}`;
  const metrics = unique(
    rows.flatMap(({ result }) => result.metrics.flatMap(({ name, part }) => (part ? [] : [name]))),
  );
  const labels = metrics.map((name) => oneLine(first(rows, name)!.label, 60));
  // A student's submission has one run a problem: its name would say nothing.
  const hasRuns = unique(rows.map(({ result }) => runName(result))).length > 1;
  const table = plainTable(
    title,
    ["grading", ...(hasRuns ? ["run"] : []), "status", ...labels, "seconds"],
    rows.map(({ name, result }) => [
      oneLine(name, 120),
      ...(hasRuns ? [runName(result)] : []),
      result.status,
      ...metrics.map((metric) => {
        const found = result.metrics.find((each) => each.name === metric);
        return found && estimateText(found);
      }),
      result.run && threeDigits(result.run.wallSeconds),
    ]),
  );
  const figures: Figure[] = [];
  for (const run of unique(rows.map(({ result }) => runName(result)))) {
    for (const metric of metrics) {
      const own = rows.filter(({ result }) => runName(result) === run);
      const figure = await metricFigure(own, metric, hasRuns ? run : undefined);
      if (figure) figures.push(figure);
    }
  }
  return { title, tables: [table], figures: figures.length > 0 ? [figures] : [] };
}

async function metricFigure(
  rows: readonly Row[],
  name: string,
  run: string | undefined,
): Promise<Figure | undefined> {
  const found = rows.flatMap((row) => {
    const metric = row.result.metrics.find((each) => each.name === name);
    return metric && hasValue(metric) ? [{ name: row.name, metric }] : [];
  });
  if (found.length === 0) return undefined;
  const { label, better, unit, published = {} } = found[0]!.metric;
  const isLike = ({ metric }: { metric: MetricInput }) => unlike(found[0]!.metric, metric).length === 0;
  const others = found.filter((each) => !isLike(each)).map(({ name }) => oneLine(name, 60));
  const figure = await metricAgainstBaselines(
    { label: run === undefined ? label : `${label}, ${run}`, better, isShare: unit === "share" },
    found.filter(isLike).map(({ name, metric: { value, interval } }) => ({
      name,
      value,
      ...(interval ? { interval } : {}),
    })),
    Object.entries(published).map(([name, value]) => ({ name, value })),
  );
  if (others.length === 0) return figure;
  return { ...figure, caption: `${figure.caption} Measured otherwise, and not drawn: ${others.join(", ")}.` };
}

/** Versions and hardware that are not the same: a reason why values may differ. */
function versionsTables(before: ComparedGrading, after: ComparedGrading): Table[] {
  const a = versionsOf(before.grading);
  const b = versionsOf(after.grading);
  const rows = unique([...Object.keys(a), ...Object.keys(b)])
    .filter((key) => a[key] !== b[key])
    .map((key) => [key, a[key], b[key]].map((text) => oneLine(String(text ?? ""), 200)));
  return rows.length === 0
    ? []
    : [
        plainTable(
          "Versions and hardware that differ",
          ["what", oneLine(before.name, 60), oneLine(after.name, 60)],
          rows,
          "left",
        ),
      ];
}

const versionsOf = ({ environment, assignment }: GradingInput): GradingInput["environment"] => ({
  ...environment,
  "assignment's SHA-256": assignment.sha256,
});

const first = (rows: readonly Row[], name: string): MetricInput | undefined =>
  rows.flatMap(({ result }) => result.metrics.find((metric) => metric.name === name) ?? [])[0];
