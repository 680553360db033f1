/** `removeFolder(path)`: also where a submission closed folders to the user that it ran as. */

import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";

export async function removeFolder(path: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 3 } as const;
  try {
    await rm(path, options);
  } catch {
    await promisify(execFile)("chmod", ["-R", "u+rwX", path]);
    await rm(path, options);
  }
}
