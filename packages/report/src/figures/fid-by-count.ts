/** FID, or another Frechet distance, against the number of images: its bias. */

import { FigureDataError } from "../errors.ts";
import { plainTable } from "../table.ts";
import { ACCENT, draw, MARKER } from "./draw.ts";
import type { Figure } from "./figure.ts";

export interface DistanceAtCount {
  /** Images it was computed from. */
  n: number;
  value: number;
}

/** Labels of the axis are at least this factor apart, or they would overlap. */
const APART = 1.25;

/**
 * The distance by the number of images. Its expectation is a line in 1 / n (Chong and Forsyth 2020, equation 3); where a line fitted to the points
 * meets 1 / n = 0 is what infinitely many images would have.
 *
 * @throws FigureDataError
 */
export async function fidByCount(
  points: readonly DistanceAtCount[],
  { quantity = "FID", title }: { quantity?: string; title: string },
): Promise<Figure> {
  if (points.length < 2)
    throw new FigureDataError("FID by count", "at least two counts", String(points.length));
  for (const { n, value } of points) {
    if (!(n > 0 && Number.isFinite(n) && Number.isFinite(value))) {
      throw new FigureDataError("FID by count", "positive counts and finite values", `${n}, ${value}`);
    }
  }
  const sorted = [...points].sort((a, b) => a.n - b.n);
  const { slope, intercept } = leastSquares(sorted.map(({ n, value }) => [1 / n, value]));
  const [first, last] = [sorted[0]!.n, sorted.at(-1)!.n];
  const curve = Array.from({ length: 61 }, (_, i) => {
    const n = first * (last / first) ** (i / 60);
    return { n, value: intercept + slope / n };
  });
  const labelled: number[] = [];
  for (const { n } of sorted.toReversed())
    if (labelled.length === 0 || n * APART <= labelled.at(-1)!) labelled.push(n);
  const x = {
    field: "n",
    type: "quantitative",
    title: "images, logarithmic",
    scale: { type: "log", nice: false, padding: 12 },
    axis: { values: labelled, format: "d", grid: false },
  } as const;
  const y = { type: "quantitative", title: quantity, scale: { zero: false, padding: 10 } } as const;
  const drawing = await draw({
    width: 420,
    height: 240,
    layer: [
      {
        data: { values: [{ limit: intercept }] },
        mark: { type: "rule", color: MARKER, strokeWidth: 1.5 },
        encoding: { y: { field: "limit", ...y } },
      },
      {
        data: { values: curve },
        mark: { type: "line", color: MARKER, strokeDash: [6, 4] },
        encoding: { x, y: { field: "value", ...y } },
      },
      {
        data: { values: sorted },
        mark: { type: "point", filled: true, size: 60, color: ACCENT, opacity: 1 },
        encoding: { x, y: { field: "value", ...y } },
      },
    ],
  });
  const limit = intercept.toPrecision(4);
  return {
    title,
    alt: `${quantity} by the number of images: ${sorted.map(({ n, value }) => `${value.toPrecision(4)} at n = ${n}`).join(", ")}; ${limit} extrapolated to infinitely many.`,
    caption: `${quantity} falls as there are more images, though the images are no better. Dashed: fitted in 1 / n; the line: its limit, ${limit}, for infinitely many.`,
    drawing,
    data: plainTable(
      title,
      ["images", quantity],
      [
        ...sorted.map(({ n, value }) => [String(n), value.toPrecision(5)]),
        ["infinitely many (fitted)", limit],
      ],
    ),
  };
}

function leastSquares(points: readonly (readonly [number, number])[]) {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const shared = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const slope = spread === 0 ? 0 : shared / spread;
  return { slope, intercept: meanY - slope * meanX };
}
