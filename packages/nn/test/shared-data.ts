/** Where the course's data is, if this machine has it: $TOUCHSTONE_SHARED, or the folder `shared` beside the repository. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SHARED = process.env.TOUCHSTONE_SHARED ?? fileURLToPath(new URL("../../../../shared", import.meta.url));

/** The path, and what to put into a test's title: why it is skipped, if the file is absent. */
export function sharedData(name: string): { path: string; absent: boolean; note: string } {
  const path = join(SHARED, name);
  const absent = !existsSync(path);
  return { path, absent, note: absent ? ` (skipped: no ${name} in $TOUCHSTONE_SHARED or ../shared)` : "" };
}
