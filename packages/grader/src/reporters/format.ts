/** The quantities of a grading as people read them. */

import { percent, threeDigits } from "@touchstone/cli";
import type { Grading, Metric, PointsLine, ProblemResult } from "../results/results.ts";
import { oneLine } from "./text.ts";

/** Shares in percent, times and speeds with three digits, distances with four: baselines such as 27.00 are given to two decimals. */
export function metricValue(value: number, unit: Metric["unit"]): string {
  if (unit === "share") return percent(value);
  if (unit !== undefined) return threeDigits(value);
  return Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(4);
}

/** Whether its value is a number. */
export const hasValue = (metric: Metric): metric is Metric & { value: number } =>
  metric.value !== null && Number.isFinite(metric.value);

/** `27.70 [26.90, 28.40]`; `n/a` where there is no value. */
export function estimate(metric: Metric): string {
  if (!hasValue(metric)) return "n/a";
  const { value, interval, unit } = metric;
  const bounds = interval?.map((bound) => metricValue(bound, unit)).join(", ");
  return metricValue(value, unit) + (bounds === undefined ? "" : ` [${bounds}]`);
}

/** `FID-2048: n = 1000, extractor = inception, weights = 6726825d0af5`: what a value is worth nothing without. */
export function protocolNote({ label, n, protocol }: Metric): string {
  const terms = Object.entries(protocol).map(([key, value]) => `${key} = ${abbreviated(value)}`);
  return `${label}: ${[`n = ${n}`, ...terms].join(", ")}`;
}

/** Sums of lines; `open` is what could not be decided. */
export function sumOfPoints(lines: readonly PointsLine[]) {
  const sum = (of: (line: PointsLine) => number) => lines.reduce((total, line) => total + of(line), 0);
  return {
    earned: sum((line) => line.earned),
    possible: sum((line) => line.possible),
    open: sum((line) => (line.undecided === undefined ? 0 : line.possible)),
  };
}

/** `2.5 / 5`, and `, 2.5 open` where that much could not be decided. */
export function pointsText({
  earned,
  possible,
  open = 0,
}: {
  earned: number;
  possible: number;
  open?: number;
}): string {
  return `${shortNumber(earned)} / ${shortNumber(possible)}${open > 0 ? `, ${shortNumber(open)} open` : ""}`;
}

/** `10 / 20 points`, with what was taken off; undefined of models that are compared and not marked. */
export function totalText({ points }: Pick<Grading, "points">): string | undefined {
  if (points === undefined) return undefined;
  const off = points.deductions.map((each) => `, ${shortNumber(each.points)} off: ${oneLine(each.label)}`);
  return `${pointsText(points)} points${off.join("")}`;
}

/** At most two decimals, none where they are zero. */
export function shortNumber(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** `421 of 600`, in seconds. */
export function timeText({ run, limitSeconds }: ProblemResult): string | undefined {
  if (run === undefined) return undefined;
  const used = threeDigits(run.wallSeconds);
  return limitSeconds === undefined ? used : `${used} of ${shortNumber(limitSeconds)}`;
}

/** A row's name: `DANN, SVHN`. */
export function runName({ variant, column }: { variant: string; column?: string }): string {
  return column === undefined ? variant : `${variant}, ${column}`;
}

/** Seconds of all phases. */
export function totalSeconds({ phases }: ProblemResult): number {
  return Object.values(phases).reduce((sum, seconds) => sum + seconds, 0);
}

export const statusText = { graded: "graded", failed: "failed", "not-gradable": "not gradable" } as const;

function abbreviated(value: string | number | boolean): string {
  return typeof value === "string" && /^[0-9a-f]{40,}$/.test(value) ? value.slice(0, 12) : String(value);
}
