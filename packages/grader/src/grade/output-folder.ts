/** Where what a job made is kept for reports. */

import { join } from "node:path";
import { type Slot, safeName } from "../records/index.ts";

/** Of one run: that of another submission has another key, and its output is not taken for this one's. */
export function outputFolder(
  results: string,
  { submission, problem, variant, column = "" }: Slot,
  runKey: string,
): string {
  const slot = [problem, variant, column].map(safeName).join("--");
  return join(results, "outputs", safeName(submission), slot, runKey.slice(0, 16));
}
