/** Rows of metrics as a table: estimates, notes on protocols, and the figures that others published. */

import { firstLine } from "@touchstone/cli";
import type { Metric, ProblemResult } from "../results/results.ts";
import { estimate, hasValue, metricValue, protocolNote } from "./format.ts";
import { type Cell, type Table, type TableColumn, type TableRow, textCell, unique } from "./table.ts";

export interface GridRow {
  label: string;
  results: ProblemResult[];
  metrics: (Metric | undefined)[];
  /** What stands where there is no metric. */
  instead?: (string | undefined)[];
}

/** A column of something else than metrics; left out where no row has any. */
export interface Extra {
  title: string;
  text(results: ProblemResult[]): string | undefined;
}

/** A row's metrics side by side, each with what it was measured by, and the figures of others. */
export function grid(title: string, valueTitles: string[], rows: GridRow[], others: Extra[]): Table {
  const extras = others.filter(({ text }) => rows.some((row) => text(row.results) !== undefined));
  const notes: string[] = [];
  const noteNumber = (text: string): number => {
    if (!notes.includes(text)) notes.push(text);
    return notes.indexOf(text) + 1;
  };
  const columns: TableColumn[] = [
    { title: "run", align: "left" },
    ...valueTitles.map((valueTitle, i): TableColumn => {
      const protocols = unique(
        rows.flatMap(({ metrics }) => (metrics[i] && hasValue(metrics[i]) ? protocolNote(metrics[i]) : [])),
      );
      return {
        title: valueTitle,
        align: "right",
        ...(protocols.length === 1 ? { note: noteNumber(protocols[0]!) } : {}),
      };
    }),
    ...extras.map((extra): TableColumn => ({ title: extra.title, align: "right" })),
  ];
  const cellOf = (metric: Metric, i: number): Cell => {
    const text = estimate(metric);
    if (!hasValue(metric)) {
      return { text, note: noteNumber(firstLine(metric.problem ?? "It could not be computed.")) };
    }
    // A protocol that the whole column shares stands at its title.
    return columns[i + 1]?.note === undefined ? { text, note: noteNumber(protocolNote(metric)) } : { text };
  };
  const figures = publishedRows(rows, columns.length);
  return {
    title,
    columns,
    rows: [
      ...rows.flatMap((row): TableRow[] => [
        {
          kind: row.results.every(({ status }) => status === "graded") ? "result" : "failed",
          cells: [
            { text: row.label },
            ...row.metrics.map((metric, i) => (metric ? cellOf(metric, i) : textCell(row.instead?.[i]))),
            ...extras.map((extra) => textCell(extra.text(row.results))),
          ],
        },
        ...(figures.own.get(row) ?? []),
      ]),
      ...figures.common,
    ],
    notes,
  };
}

/** Figures of others: where they are the same for all rows (a baseline), once, at the end; else below the row that they belong to. */
function publishedRows(rows: GridRow[], width: number) {
  const scoredRows = rows.filter(({ metrics }) => metrics.some((metric) => metric !== undefined));
  const names = unique(
    scoredRows.flatMap(({ metrics }) => metrics.flatMap((metric) => Object.keys(metric?.published ?? {}))),
  );
  const figuresOf = ({ metrics }: GridRow, name: string) =>
    metrics.map((metric) => {
      const figure = metric?.published?.[name];
      return figure === undefined ? undefined : metricValue(figure, metric?.unit);
    });
  const toRow = (label: string, figures: (string | undefined)[]): TableRow => {
    const cells = [{ text: label }, ...figures.map(textCell)];
    return { kind: "figure", cells: Array.from({ length: width }, (_, i) => cells[i]) };
  };
  const own = new Map<GridRow, TableRow[]>();
  const common: TableRow[] = [];
  for (const name of names) {
    if (unique(scoredRows.map((row) => JSON.stringify(figuresOf(row, name)))).length === 1) {
      common.push(toRow(name, figuresOf(scoredRows[0]!, name)));
      continue;
    }
    for (const row of scoredRows) {
      const figures = figuresOf(row, name);
      if (figures.every((figure) => figure === undefined)) continue;
      own.set(row, [...(own.get(row) ?? []), toRow(`${row.label}: ${name}`, figures)]);
    }
  }
  return { own, common };
}
