/** Holds one metric against its baseline. */

import { metricValue } from "../reporters/format.ts";
import type { Metric } from "../results/results.ts";
import type { BaselineEntry } from "./baseline.ts";

export type GateVerdict =
  | "ok"
  /** By more than tolerance and noise: reason to update the baseline. */
  | "better"
  /** Worse than the tolerance allows, by no more than the noise of the two values. */
  | "within-noise"
  | "regressed"
  /** The baseline has it, the grading does not. */
  | "missing"
  /** No value, or none that is a number. */
  | "nan"
  | "unlike-protocol"
  | "too-few"
  | "off";

export interface Comparison {
  verdict: GateVerdict;
  /** One sentence. */
  because: string;
}

export const passing: ReadonlySet<GateVerdict> = new Set(["ok", "better", "within-noise", "off"]);

/**
 * With d = how much worse the value is than the baseline's, in the metric's direction:
 *
 *     allowed = max(absolute, relative * |baseline|)
 *     noise   = sqrt(h_baseline^2 + h_value^2),  h = half the width of an interval, 0 where there is none
 *
 * `regressed` is d > allowed and d > noise. The noise is the half width of the 95 % interval of the difference of two independent
 * estimates. Values that are not comparable (direction, protocol, n) are not compared.
 */
export function compare(entry: BaselineEntry, metric: Metric): Comparison {
  const { value, interval, n, unit } = metric;
  if (value === null || ![value, ...(interval ?? [])].every(Number.isFinite)) {
    return { verdict: "nan", because: metric.problem ?? `Expected a finite number, found ${value}.` };
  }
  const differences = protocolDifferences(entry, metric);
  if (differences.length > 0) {
    return { verdict: "unlike-protocol", because: `Not comparable: ${differences.join("; ")}.` };
  }
  const minimum = entry.minimum ?? entry.n;
  if (!(n >= minimum))
    return { verdict: "too-few", because: `Expected n of at least ${minimum}, found ${n}.` };

  const worse = metric.better === "lower" ? value - entry.value : entry.value - value;
  const allowed = Math.max(entry.absolute, entry.relative * Math.abs(entry.value));
  const noise = Math.hypot(halfWidth(entry.interval), halfWidth(interval));
  const show = (difference: number) =>
    unit === "share" ? `${(100 * difference).toFixed(2)} percentage points` : metricValue(difference, unit);
  const change = worse === 0 ? "The same" : `${worse > 0 ? "Worse" : "Better"} by ${show(Math.abs(worse))}`;
  return {
    verdict: verdictOf(worse, allowed, noise),
    because: `${change}, where ${show(allowed)} is allowed and the noise is ${show(noise)}.`,
  };
}

function verdictOf(worse: number, allowed: number, noise: number): GateVerdict {
  if (worse > allowed) return worse > noise ? "regressed" : "within-noise";
  return -worse > allowed && -worse > noise ? "better" : "ok";
}

function protocolDifferences(entry: BaselineEntry, { better, protocol }: Metric): string[] {
  const differ = (name: string, before: unknown, now: unknown) =>
    before === now ? [] : [`${name} was ${before ?? "not given"}, is ${now ?? "not given"}`];
  const names = new Set([...Object.keys(entry.protocol), ...Object.keys(protocol)]);
  return [
    ...differ("better", entry.better, better),
    ...[...names].sort().flatMap((name) => differ(name, entry.protocol[name], protocol[name])),
  ];
}

const halfWidth = (interval: readonly [number, number] | undefined) =>
  interval === undefined ? 0 : (interval[1] - interval[0]) / 2;
