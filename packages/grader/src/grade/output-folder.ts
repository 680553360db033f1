/** Where what a job made is kept for reports. */

import { join } from "node:path";
import { type Slot, safeName } from "../records/index.ts";

export function outputFolder(results: string, { submission, problem, variant, column = "" }: Slot): string {
  return join(results, "outputs", safeName(submission), [problem, variant, column].map(safeName).join("--"));
}
