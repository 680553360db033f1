/** What the values are worth nothing without: how each was measured, with which versions and hardware; and what the page lacks. */

import type { Section } from "../page/model.ts";
import { plainTable } from "../table.ts";
import { oneLine } from "../text.ts";
import type { GradingInput } from "./grading.ts";
import { fullName } from "./names.ts";
import type { MissingFigure } from "./outputs.ts";

export interface MissingOfRun extends MissingFigure {
  /** `p3, DANN, svhn`. */
  run: string;
}

export function protocolSection(
  { assignment, environment, results }: GradingInput,
  missing: readonly MissingOfRun[],
): Section {
  const protocols = results.flatMap((result) =>
    result.metrics
      .filter(({ part }) => !part)
      .map(({ label, n, protocol }) => ({
        run: fullName(result),
        cells: [oneLine(label, 60), String(n), terms(protocol, " = ")],
      })),
  );
  const containments = results.flatMap((result) =>
    result.run
      ? [
          {
            run: fullName(result),
            cells: [oneLine(result.run.containment, 60), terms(result.run.enforcement, ": ")],
          },
        ]
      : [],
  );
  const absent = missing.map(({ run, figure, why }) => ({
    run,
    cells: [oneLine(figure, 60), oneLine(why, 600)],
  }));
  const versions = [
    ["assignment", oneLine(assignment.id, 120)],
    ["assignment's SHA-256", assignment.sha256],
    ...Object.entries(environment).map(([key, value]) => [oneLine(key, 60), oneLine(String(value), 200)]),
  ];
  const tables = [
    plainTable("Protocols", ["metric", "n", "protocol", "runs"], grouped(protocols), "left"),
    plainTable("How limits were held", ["kept apart by", "limits", "runs"], grouped(containments), "left"),
    plainTable("Figures that are not on this page", ["figure", "why", "runs"], grouped(absent), "left"),
    plainTable("Versions and hardware", ["what", "value"], versions, "left"),
  ];
  return { title: "Protocol and versions", tables: tables.filter(({ rows }) => rows.length > 0) };
}

/** A row for all runs that have the same cells; the runs stand last. */
function grouped(rows: readonly { run: string; cells: readonly string[] }[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const { run, cells } of rows) {
    const key = JSON.stringify(cells);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups].map(([key, runs]) => [...(JSON.parse(key) as string[]), runs.join("; ")]);
}

const terms = (values: Readonly<Record<string, string | number | boolean>>, between: string) =>
  oneLine(
    Object.entries(values)
      .map(([key, value]) => key + between + value)
      .join(", "),
    1000,
  );
