/** Whether two values may be compared at all. */

import { oneLine } from "../text.ts";
import type { MetricInput } from "./grading.ts";
import { unique } from "./names.ts";

/**
 * What was not the same when two values were measured: `resize: clean, then legacy`; none where they can be compared. A share of more images
 * is only known better, but a distance of more images is smaller (its bias), so there n must be the same too.
 */
export function unlike(before: MetricInput, after: MetricInput): string[] {
  const conditions = ({ n, unit, protocol }: MetricInput): MetricInput["protocol"] =>
    unit === "share" ? protocol : { n, ...protocol };
  const [a, b] = [conditions(before), conditions(after)];
  return unique([...Object.keys(a), ...Object.keys(b)])
    .filter((key) => a[key] !== b[key])
    .map((key) => oneLine(`${key}: ${a[key] ?? "none"}, then ${b[key] ?? "none"}`, 200));
}
