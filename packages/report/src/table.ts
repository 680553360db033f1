/** A table before it is HTML; its texts are as they came, not escaped. What the grader's tables are, as far as a page needs them. */

export interface Table {
  /** The caption. */
  title: string;
  columns: readonly { title: string; align: "left" | "right"; note?: number }[];
  rows: readonly TableRow[];
  /** What `note`s point to, beginning with 1. */
  notes: readonly string[];
}

export interface TableRow {
  /** A figure is someone else's: a baseline, a report's. */
  kind: "result" | "failed" | "figure";
  /** As many as there are columns. The first is the row's heading. */
  cells: readonly ({ text: string; note?: number } | undefined)[];
}

/** A table of plain texts: the first column's are left, the others' as `align` says. */
export function plainTable(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
  align: "left" | "right" = "right",
): Table {
  return {
    title,
    columns: columns.map((column, i) => ({ title: column, align: i === 0 ? "left" : align })),
    rows: rows.map((cells) => ({
      kind: "result",
      cells: cells.map((text) => (text === undefined ? undefined : { text })),
    })),
    notes: [],
  };
}
