/** Values of metrics as people read them. */

import { percent } from "@touchstone/cli";
import type { MetricInput } from "./grading.ts";

export const hasValue = (metric: MetricInput): metric is MetricInput & { value: number } =>
  Number.isFinite(metric.value);

/** Shares in percent, everything else with four digits. */
export function valueText(value: number, unit: string | undefined): string {
  return unit === "share" ? percent(value) : String(Number(value.toPrecision(4)));
}

/** `27.7 [26.9, 28.4]`; `n/a` where there is no value. */
export function estimateText(metric: MetricInput): string {
  if (!hasValue(metric)) return "n/a";
  const { value, interval, unit } = metric;
  const bounds = interval?.map((bound) => valueText(bound, unit)).join(", ");
  return valueText(value, unit) + (bounds === undefined ? "" : ` [${bounds}]`);
}

/** At most two decimals, none where they are zero. */
export const shortNumber = (value: number) => String(Number(value.toFixed(2)));
