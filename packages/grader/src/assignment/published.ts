/** Figures that others have got, for a cell of the table. */

import type { Problem } from "./assignment.ts";

/** By who got them, `{ report: 27.7 }`; empty where nobody published one. */
export function publishedFigures(
  { published }: Problem,
  metric: string,
  { variant, column }: { variant: string; column?: string },
): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const row of published) {
    const suits =
      (row.variant === undefined || row.variant.includes(variant)) &&
      (row.column === undefined || row.column === column);
    const value = Object.hasOwn(row.values, metric) ? row.values[metric] : undefined;
    if (suits && value !== undefined) figures[row.by] = value;
  }
  return figures;
}
