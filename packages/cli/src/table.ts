/** A table for a terminal: the first column to the left, the others to the right unless they say otherwise. */

import { printable } from "./printable.ts";

export interface Column<R> {
  title: string;
  /** undefined prints as a dash. */
  cell(row: R): string | undefined;
  align?: "left" | "right";
}

export function table<R>(columns: Column<R>[], rows: readonly R[]): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ cell }) => printable(cell(row) ?? "-"))),
  ];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => width(line[i] ?? ""))));
  const lines = cells.map((line) =>
    line
      .map((cell, i) => {
        const gap = " ".repeat((widths[i] ?? 0) - width(cell));
        return (columns[i]?.align ?? (i === 0 ? "left" : "right")) === "left" ? cell + gap : gap + cell;
      })
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((w) => "-".repeat(w)).join("  ");
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

/** Columns of a terminal that `text` takes: none for combining marks, two for East Asian wide characters. */
function width(text: string): number {
  let columns = 0;
  for (const char of text) {
    if (/\p{M}/u.test(char)) continue;
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        char,
      )
        ? 2
        : 1;
  }
  return columns;
}
