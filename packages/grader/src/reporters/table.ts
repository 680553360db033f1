/** A table before it has a format; its texts are as they came, not escaped. */

export interface Table {
  title: string;
  columns: TableColumn[];
  rows: TableRow[];
  /** What `note`s point to, beginning with 1. */
  notes: string[];
}

export interface TableColumn {
  title: string;
  align: "left" | "right";
  note?: number;
}

export interface TableRow {
  /** A figure is someone else's: the report's, a baseline. */
  kind: "result" | "failed" | "figure";
  /** As many as there are columns; undefined where there is nothing to say. */
  cells: (Cell | undefined)[];
}

export interface Cell {
  text: string;
  note?: number;
}

export const textCell = (text: string | undefined): Cell | undefined =>
  text === undefined ? undefined : { text };

export const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
