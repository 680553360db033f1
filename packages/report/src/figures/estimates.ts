/** Estimates with their intervals: a metric of several runs against the figures of others, and its parts (accuracy by class). */

import { FigureDataError } from "../errors.ts";
import { plainTable } from "../table.ts";
import { oneLine } from "../text.ts";
import { ACCENT, draw, INK, MARKER } from "./draw.ts";
import type { Figure } from "./figure.ts";
import { seriesColour } from "./palette.ts";
import { distinct, rowAxis } from "./row-axis.ts";

export interface Estimate {
  /** Of a run: `DCGAN`; of a part: `3`. */
  name: string;
  value: number;
  /** At 95 %. */
  interval?: readonly [number, number];
}

export interface Quantity {
  /** `FID-2048`. */
  label: string;
  better: "lower" | "higher";
  /** A share is drawn as percent, from 0 to 100. */
  isShare: boolean;
}

/** A run's estimates by class. */
export interface ClassEstimates {
  run: string;
  estimates: readonly Estimate[];
}

const WIDTH = 400;
/** More rows than these are no longer readable. */
const MOST_ROWS = 60;
/** In the text for those who do not see the figure; the table has all. */
const MOST_TOLD = 12;

/** One metric of several runs, with lines at the baselines and other figures that it is held against. */
export async function metricAgainstBaselines(
  quantity: Quantity,
  runs: readonly Estimate[],
  baselines: readonly { name: string; value: number }[],
): Promise<Figure> {
  const { label, better, isShare } = quantity;
  requireEstimates(label, runs);
  const shown = runs.slice(0, MOST_ROWS);
  const labels = distinct(shown.map(({ name }) => oneLine(name, 30)));
  const rows = shown.map((run, i) => ({ ...row(run, i, isShare), label: labels[i]! }));
  const lines = baselines.map(({ name, value }) => ({
    name: oneLine(name, 40),
    value: scaled(value, isShare),
  }));
  const lineNames = [...new Set(lines.map(({ name }) => name))];
  const x = { type: "quantitative", title: axisTitle(quantity), scale: scaleOf(isShare) } as const;
  const y = rowAxis(rows);
  const drawing = await draw({
    width: WIDTH,
    height: Math.max(60, 34 * rows.length),
    layer: [
      {
        data: { values: rows },
        mark: { type: "bar", height: 14, color: ACCENT, opacity: 0.85 },
        encoding: { y, x: { field: "value", ...x } },
      },
      {
        data: { values: rows.filter(({ low }) => low !== null) },
        mark: { type: "rule", color: INK, strokeWidth: 1.5 },
        encoding: { y, x: { field: "low", ...x }, x2: { field: "high" } },
      },
      {
        data: { values: lines },
        mark: { type: "rule", strokeWidth: 2 },
        encoding: {
          x: { field: "value", ...x },
          color: { value: MARKER },
          strokeDash: {
            field: "name",
            type: "nominal",
            sort: null,
            scale: { domain: lineNames, range: DASHES },
            legend: { title: null, orient: "bottom", symbolStrokeColor: MARKER, columns: 2, symbolSize: 400 },
          },
        },
      },
    ],
  });
  const hidden = runs.length - shown.length;
  const told = runs.slice(0, MOST_TOLD).map((run) => `${oneLine(run.name, 60)}: ${sentence(run, isShare)}`);
  if (runs.length > MOST_TOLD) told.push(`and ${runs.length - MOST_TOLD} more in the table`);
  const held = baselines.map(({ name, value }) => `${oneLine(name, 60)}: ${number(value, isShare)}`);
  return {
    title: label,
    alt: [
      `${label}, ${better} is better. ${told.join("; ")}.`,
      ...(held.length > 0 ? [`Held against ${held.join("; ")}.`] : []),
    ].join(" "),
    caption: [
      `${better === "lower" ? "Lower" : "Higher"} is better.`,
      ...(rows.some(({ low }) => low !== null) ? ["Thin lines: intervals at 95 %."] : []),
      ...(hidden > 0 ? [`${hidden} more are in the table alone.`] : []),
    ].join(" "),
    drawing,
    data: plainTable(
      label,
      ["run", "value", "interval at 95 %"],
      [...runs, ...baselines].map((each) => cells(each, isShare)),
    ),
  };
}

/** A metric of each class: accuracy by digit. Several runs are side by side. */
export async function byClass(quantity: Quantity, runs: readonly ClassEstimates[]): Promise<Figure> {
  const { label, isShare } = quantity;
  const classes = [
    ...new Set(runs.flatMap(({ estimates }) => estimates.map(({ name }) => oneLine(name, 30)))),
  ];
  for (const { estimates } of runs) requireEstimates(label, estimates);
  if (classes.length === 0) throw new FigureDataError(label, "at least one class", "none");
  const rows = runs.flatMap(({ estimates }, r) => estimates.map((estimate) => row(estimate, r, isShare)));
  const runLabels = runs.map(({ run }) => oneLine(run, 40));
  const x = {
    field: "label",
    type: "nominal",
    sort: null,
    title: "class",
    scale: { domain: classes },
    axis: { labelAngle: 0 },
  } as const;
  const xOffset = { field: "index", type: "nominal", sort: null } as const;
  const y = { type: "quantitative", title: axisTitle(quantity), scale: scaleOf(isShare) } as const;
  const color = {
    field: "index",
    type: "nominal",
    sort: null,
    scale: { domain: runLabels.map((_, i) => i), range: runLabels.map((_, i) => seriesColour(i)) },
    legend: null,
  } as const;
  const drawing = await draw({
    width: WIDTH,
    height: 220,
    data: { values: rows },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x, xOffset, color, y: { field: "low", ...y }, y2: { field: "high" } },
      },
      {
        mark: { type: "point", filled: true, size: 50, opacity: 1 },
        encoding: { x, xOffset, color, y: { field: "value", ...y } },
      },
    ],
  });
  const lowest = [...rows].sort((a, b) => a.value - b.value)[0]!;
  return {
    title: `${label} by class`,
    alt: `${label} of ${classes.length} classes with intervals at 95 %. The lowest is ${lowest.label}: ${number(lowest.value / (isShare ? 100 : 1), isShare)}.`,
    caption: `Lines: intervals at 95 %.${runs.length > 1 ? ` From the left in each class: ${runLabels.join(", ")}.` : ""}`,
    drawing,
    data: plainTable(
      `${label} by class`,
      ["class", ...runLabels.flatMap((run) => (runs.length > 1 ? [run] : ["value"]))],
      classes.map((name) => [
        name,
        ...runs.map(({ estimates }) => {
          const found = estimates.find((estimate) => oneLine(estimate.name, 30) === name);
          return found && sentence(found, isShare);
        }),
      ]),
    ),
  };
}

const DASHES = [
  [1, 0],
  [8, 4],
  [3, 3],
  [10, 3, 2, 3],
  [1, 4],
];

function row({ name, value, interval }: Estimate, index: number, isShare: boolean) {
  return {
    index,
    label: oneLine(name, 30),
    value: scaled(value, isShare),
    low: interval ? scaled(interval[0], isShare) : null,
    high: interval ? scaled(interval[1], isShare) : null,
  };
}

function requireEstimates(what: string, estimates: readonly Estimate[]): void {
  if (estimates.length === 0) throw new FigureDataError(what, "at least one value", "none");
  for (const { name, value, interval } of estimates) {
    if (![value, ...(interval ?? [])].every(Number.isFinite)) {
      throw new FigureDataError(
        `${what} of ${oneLine(name, 60)}`,
        "finite numbers",
        `${value}, [${interval}]`,
      );
    }
  }
}

const axisTitle = ({ label, isShare }: Quantity) => oneLine(label, 60) + (isShare ? ", %" : "");
const scaleOf = (isShare: boolean) => (isShare ? { domain: [0, 100] } : { zero: true });
const scaled = (value: number, isShare: boolean) => (isShare ? 100 * value : value);
const number = (value: number, isShare: boolean) =>
  isShare ? `${(100 * value).toFixed(2)} %` : String(Number(value.toPrecision(4)));

function sentence({ value, interval }: Estimate, isShare: boolean): string {
  const bounds = interval?.map((bound) => number(bound, isShare)).join(", ");
  return number(value, isShare) + (bounds === undefined ? "" : ` [${bounds}]`);
}

const cells = ({ name, value, interval }: Estimate, isShare: boolean) => [
  name,
  number(value, isShare),
  interval?.map((bound) => number(bound, isShare)).join(" to "),
];
