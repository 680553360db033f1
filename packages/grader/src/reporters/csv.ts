/** Gradings as CSV (RFC 4180), for spreadsheets: a row for each metric of each run, one for its seconds and one for its points. */

import type { Grading, ProblemResult } from "../results/results.ts";
import { sumOfPoints } from "./format.ts";
import { oneLine } from "./text.ts";

const columns = [
  "assignment",
  "submission",
  "problem",
  "variant",
  "column",
  "status",
  "name",
  "value",
  "low",
  "high",
  "limit",
  "n",
  "unit",
  "better",
  "protocol",
  "remark",
] as const;

type Row = Partial<Record<(typeof columns)[number], string | number | null | undefined>>;

/**
 * The `limit` of `seconds` is the time limit, that of `points` what was possible. Numbers are as they were computed, shares of 1;
 * control characters of texts are escaped, so that a row is a line.
 */
export function renderCsv(gradings: readonly Grading[]): string {
  const rows = gradings.flatMap((grading) =>
    grading.results.flatMap((result) => resultRows(grading, result)),
  );
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return lines.map(csvLine).join("");
}

function resultRows({ assignment, submission }: Grading, result: ProblemResult): Row[] {
  const { problem, variant, column, status, run, limitSeconds, reasons } = result;
  const identity: Row = {
    assignment: assignment.id,
    submission: submission.id,
    problem,
    variant,
    column,
    status,
  };
  const { earned, possible, open } = sumOfPoints(result.points);
  const remark = [...(open > 0 ? [`${open} undecided.`] : []), ...reasons].join(" ");
  return [
    ...result.metrics.map(({ name, value, interval, n, unit, better, protocol, problem: reason }) => {
      const terms = Object.entries(protocol).map(([key, term]) => `${key}=${term}`);
      const bounds = { low: interval?.[0], high: interval?.[1] };
      return {
        ...identity,
        name,
        value,
        ...bounds,
        n,
        unit,
        better,
        protocol: terms.join("; "),
        remark: reason,
      };
    }),
    ...(run
      ? [{ ...identity, name: "seconds", value: run.wallSeconds, limit: limitSeconds, unit: "seconds" }]
      : []),
    { ...identity, name: "points", value: earned, limit: possible, remark },
  ];
}

/** One row, with its line end. Numbers are as they are, texts guarded. */
export function csvLine(fields: readonly (string | number | null | undefined)[]): string {
  return `${fields.map(field).join(",")}\r\n`;
}

/**
 * Quoted where it must be. A text that a spreadsheet would take for a formula gets a ' before it:
 * https://owasp.org/www-community/attacks/CSV_Injection.
 */
function field(value: Row[keyof Row]): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = oneLine(value, 1000).trim();
  const guarded = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
