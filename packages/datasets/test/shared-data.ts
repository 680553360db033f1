/** For tests: the homework's real data, if this machine has it: $TOUCHSTONE_DATA, or `shared/data` beside the repository. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder =
  process.env.TOUCHSTONE_DATA ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));

/** A folder with hw2_data/ and bsds500/; undefined where there is none. */
export const sharedData = existsSync(join(folder, "hw2_data")) ? folder : undefined;
/** Why a test that needs it is skipped: to be put into its title. */
export const absent = sharedData ? "" : " (skipped: no hw2_data in $TOUCHSTONE_DATA or ../shared/data)";
