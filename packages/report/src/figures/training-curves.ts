/** Curves of what a training logged. */

import { FigureDataError } from "../errors.ts";
import { plainTable } from "../table.ts";
import { oneLine } from "../text.ts";
import type { LogLine } from "../training-log.ts";
import { draw } from "./draw.ts";
import type { Figure } from "./figure.ts";
import { seriesColour } from "./palette.ts";

/** Points of a curve: as many as a screen can show apart. */
const MOST_POINTS = 400;

/** Each metric of a log over the steps, in panels of their own, since their units differ; long logs as means of equal stretches. */
export async function trainingCurves(lines: readonly LogLine[], title: string): Promise<Figure> {
  const names = [...new Set(lines.flatMap(({ metrics }) => Object.keys(metrics)))];
  if (names.length === 0) throw new FigureDataError("Training curves", "a line with metrics", "none");
  const curves = names.map((name, i) => {
    const all = lines.flatMap(({ step, metrics }) => {
      const value = metrics[name];
      return value === undefined || !Number.isFinite(value) ? [] : [{ step, value }];
    });
    return { name: oneLine(name, 40), values: means(all), last: all.at(-1)?.value, colour: seriesColour(i) };
  });
  const drawing = await draw({
    columns: 2,
    spacing: 24,
    concat: curves.map(({ name, values, colour }) => ({
      width: 200,
      height: 130,
      data: { values },
      mark:
        values.length === 1
          ? { type: "point", color: colour }
          : { type: "line", color: colour, strokeWidth: 1.5 },
      encoding: {
        x: { field: "step", type: "quantitative", title: "step", axis: { tickCount: 4, grid: false } },
        y: {
          field: "value",
          type: "quantitative",
          title: name,
          scale: { zero: false },
          axis: { tickCount: 4 },
        },
      },
    })),
  });
  const steps = lines.at(-1)!.step;
  return {
    title,
    alt: `Training curves over ${steps} steps. At the end: ${curves.map(({ name, last }) => `${name} ${last === undefined ? "not finite" : last.toPrecision(3)}`).join(", ")}.`,
    drawing,
    data: plainTable(
      title,
      ["metric", "first", "lowest", "last"],
      curves.map(({ name, values, last }) => [
        name,
        values[0]?.value.toPrecision(4),
        values.length === 0 ? undefined : Math.min(...values.map(({ value }) => value)).toPrecision(4),
        last?.toPrecision(4),
      ]),
    ),
  };
}

function means(points: readonly { step: number; value: number }[]): { step: number; value: number }[] {
  const stretch = Math.ceil(points.length / MOST_POINTS);
  return Array.from({ length: Math.ceil(points.length / Math.max(1, stretch)) }, (_, i) => {
    const part = points.slice(i * stretch, (i + 1) * stretch);
    return { step: part.at(-1)!.step, value: part.reduce((sum, { value }) => sum + value, 0) / part.length };
  });
}
