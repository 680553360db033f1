/** For tests: the homework's real data, if this machine has it: $TOUCHSTONE_DATA, or `shared/data` beside the repository. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A folder with hw2_data/, bsds500/ and weights/, whether it is there or not. */
export const DATA =
  process.env.TOUCHSTONE_DATA || fileURLToPath(new URL("../../../../shared/data", import.meta.url));

/** The path of what is called so in it, and what to put into a test's title: why it is skipped, if that is absent. */
export function sharedData(name: string): { path: string; absent: boolean; note: string } {
  const path = join(DATA, name);
  const absent = !existsSync(path);
  return { path, absent, note: absent ? ` (skipped: no ${name} in $TOUCHSTONE_DATA or ../shared/data)` : "" };
}
