/**
 * The tables of a grading, before they have a format: rows are runs and columns metrics; where runs have a second axis (P3's target),
 * the first metric over both axes, and the rest below. The order is that of the results; texts are as they came, not escaped.
 */

import type { Grading, ProblemResult } from "../results/results.ts";
import { estimate, pointsText, runName, statusText, sumOfPoints, timeText } from "./format.ts";
import { grid } from "./grid.ts";
import { type Table, type TableColumn, type TableRow, textCell, unique } from "./table.ts";

export function tables(grading: Grading): Table[] {
  const problems = unique(grading.results.map(({ problem }) => problem));
  const byProblem = problems.map((problem) => grading.results.filter((result) => result.problem === problem));
  return [...byProblem.flatMap(problemTables), ...pointsTables(grading), ...handTables(grading)];
}

function problemTables(results: ProblemResult[]): Table[] {
  const { problem, title } = results[0]!;
  const heading = `${problem}: ${title}`;
  const parts = partsTables(heading, results);
  if (results.every(({ column }) => column === undefined)) return [listTable(heading, results, 0), ...parts];
  const details = listTable(`${heading}, by run`, results, 1);
  return [pivotTable(heading, results), ...(details.columns.length > 1 ? [details] : []), ...parts];
}

/** A row for each part of a metric, a column for each run: accuracy by digit. */
function partsTables(heading: string, results: ProblemResult[]): Table[] {
  const parts = results.flatMap(({ metrics }) => metrics.flatMap(({ part }) => part ?? []));
  return unique(parts.map(({ of }) => of)).map((of): Table => {
    const partOf = ({ metrics }: ProblemResult, name: string) =>
      metrics.find(({ part }) => part?.of === of && part.name === name);
    const runs = results.filter(({ metrics }) => metrics.some(({ part }) => part?.of === of));
    const names = unique(parts.flatMap((part) => (part.of === of ? [part.name] : [])));
    return {
      title: `${heading}, ${labelOf(results, of)} by part`,
      columns: [
        { title: labelOf(results, of), align: "left" },
        ...runs.map((run): TableColumn => ({ title: runName(run), align: "right" })),
      ],
      rows: names.map((name) => {
        const metrics = runs.map((run) => partOf(run, name));
        return {
          kind: "result",
          cells: [{ text: name }, ...metrics.map((metric) => textCell(metric && estimate(metric)))],
        };
      }),
      notes: [],
    };
  });
}

/** A row for each run, a column for each metric from number `from` on. */
function listTable(title: string, results: ProblemResult[], from: number): Table {
  const names = metricNames(results).slice(from);
  const rows = results.map((result) => ({
    label: runName(result),
    results: [result],
    metrics: names.map((name) => metricOf(result, name)),
  }));
  const areAllGraded = results.every(({ status }) => status === "graded");
  return grid(
    title,
    names.map((name) => labelOf(results, name)),
    rows,
    [
      { title: "status", text: ([result]) => (areAllGraded ? undefined : statusText[result!.status]) },
      { title: "seconds", text: ([result]) => timeText(result!) },
      // With a second axis, the points stand beside the first metric.
      { title: "points", text: (own) => (from === 0 ? pointsOf(own) : undefined) },
    ],
  );
}

/** The first metric: a row for each variant, a column for each of the second axis. */
function pivotTable(problem: string, results: ProblemResult[]): Table {
  const columns = unique(results.map(({ column }) => column ?? ""));
  const [main] = metricNames(results);
  const rows = unique(results.map(({ variant }) => variant)).map((variant) => {
    const own = results.filter((result) => result.variant === variant);
    const inOrder = columns.map((column) => own.find((result) => (result.column ?? "") === column));
    return {
      label: variant,
      results: own,
      metrics: inOrder.map((result) => (main === undefined || !result ? undefined : metricOf(result, main))),
      instead: inOrder.map((result) =>
        result && result.status !== "graded" ? statusText[result.status] : undefined,
      ),
    };
  });
  const title = main === undefined ? problem : `${problem}, ${labelOf(results, main)}`;
  return grid(title, columns, rows, [{ title: "points", text: pointsOf }]);
}

function pointsTables({ results }: Grading): Table[] {
  const reasons = results.flatMap(({ points }) => points.flatMap(({ undecided }) => undecided ?? []));
  const notes = [...new Set(reasons)];
  const rows = results.flatMap((result) =>
    result.points.map((line): TableRow => {
      const cells = [
        result.problem,
        runName(result),
        line.label,
        pointsText(sumOfPoints([line])),
        line.because,
      ];
      return {
        kind: "result",
        cells: cells.map((text, i) =>
          i === 3 && line.undecided !== undefined
            ? { text, note: notes.indexOf(line.undecided) + 1 }
            : { text },
        ),
      };
    }),
  );
  if (rows.length === 0) return [];
  const columns = ["problem", "run", "for", "points", "because"].map(
    (title): TableColumn => ({ title, align: title === "points" ? "right" : "left" }),
  );
  return [{ title: "Points", columns, rows, notes }];
}

/** What people have yet to look at. The built-in models hand in no report. */
function handTables({ points, results }: Grading): Table[] {
  if (points === undefined) return [];
  const problems = unique(results.map(({ problem }) => problem));
  const rows = problems.flatMap((problem) => {
    const { byHand = [] } = results.find((result) => result.problem === problem)!;
    return byHand.map(({ item, points: worth }): TableRow => {
      const cells = [{ text: problem }, { text: item }, textCell(worth?.toString())];
      return { kind: "result", cells };
    });
  });
  if (rows.length === 0) return [];
  const columns = ["problem", "for", "points"].map(
    (title): TableColumn => ({ title, align: title === "points" ? "right" : "left" }),
  );
  return [{ title: "In the report, by hand", columns, rows, notes: [] }];
}

const metricNames = (results: ProblemResult[]) =>
  unique(results.flatMap(({ metrics }) => metrics.flatMap(({ name, part }) => (part ? [] : [name]))));

const metricOf = (result: ProblemResult, name: string) =>
  result.metrics.find((metric) => metric.name === name);

const labelOf = (results: ProblemResult[], name: string) =>
  results.flatMap((result) => metricOf(result, name) ?? [])[0]?.label ?? name;

function pointsOf(results: ProblemResult[]): string | undefined {
  const lines = results.flatMap(({ points }) => points);
  return lines.length > 0 ? pointsText(sumOfPoints(lines)) : undefined;
}
