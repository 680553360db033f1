/** Metrics as results hold them, made from an assignment's. */

import type { Interval } from "@touchstone/digit-classifier";
import type { MetricSpec } from "../assignment/index.ts";
import type { Metric } from "../results/results.ts";

type Given = Pick<Metric, "value" | "n" | "better" | "protocol"> & Partial<Metric>;

/** A value that is not finite becomes null, with the reason in `problem`. */
export function metricOf({ name, label }: Pick<MetricSpec, "name" | "label">, given: Given): Metric {
  const { value } = given;
  const isStorable = value === null || Number.isFinite(value);
  return {
    name,
    label,
    ...given,
    ...(isStorable ? {} : { value: null, problem: `it came out as ${value}` }),
  };
}

/** One that could not be computed. */
export function missing(
  spec: Pick<MetricSpec, "name" | "label">,
  better: Metric["better"],
  problem: string,
  fault?: Metric["fault"],
): Metric {
  return metricOf(spec, { value: null, n: 0, better, protocol: {}, problem, ...(fault && { fault }) });
}

/** What an error says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A share of `n` with its interval. */
export function shareOf(
  spec: Pick<MetricSpec, "name" | "label">,
  { share, n, interval }: { share: number; n: number; interval: Interval },
  protocol: Metric["protocol"],
): Metric {
  return metricOf(spec, {
    value: share,
    interval: [interval.low, interval.high],
    n,
    better: "higher",
    unit: "share",
    protocol,
  });
}
