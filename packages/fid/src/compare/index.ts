/** Sets compared by metrics. */

export { type CompareOptions, type Comparison, compare, PRECISIONS, type Precision } from "./compare.ts";
export { MetricUnavailableError } from "./errors.ts";
export { METRIC_NAMES, METRICS, type MetricName, type Role } from "./metrics.ts";
