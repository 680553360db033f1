/** Charts with a row for each run. */

import { INK } from "./draw.ts";

/** The axis of rows in their order; `rows` have distinct labels. */
export function rowAxis(rows: readonly { label: string }[]) {
  return {
    field: "label",
    type: "nominal",
    sort: null,
    title: null,
    scale: { domain: rows.map(({ label }) => label) },
    axis: { domain: false, ticks: false, labelPadding: 6, labelColor: INK },
  } as const;
}

/** The labels, with a number behind each that came before: rows of one label would lie on top of each other. */
export function distinct(labels: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return count === 1 ? label : `${label} (${count})`;
  });
}
