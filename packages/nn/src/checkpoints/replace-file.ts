/** Writing a file so that nobody ever sees half of it: a temporary file in the same folder, fsync, rename. */

import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, lstat, open, realpath, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/**
 * Writes `chunks` one after another to `path`. An existing file is replaced at the last moment, or not at all; a link stays a link. A
 * failure leaves no temporary file behind, a killed process leaves one whose name begins with `.touchstone-` in the same folder.
 *
 * @returns the hexadecimal SHA-256 of what was written
 * @throws the system's error; of something else than a regular file EISDIR or EINVAL
 */
export async function replaceFile(path: string, chunks: Iterable<Uint8Array>): Promise<string> {
  const target = await targetOf(path);
  const temporary = join(dirname(target), `.touchstone-${process.pid}-${randomBytes(6).toString("hex")}`);
  try {
    const sha256 = await writeAll(temporary, chunks);
    await rename(temporary, target);
    await syncFolder(dirname(target));
    return sha256;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Where a link leads; a rename over the link itself would break it, one over a device would replace the device. */
async function targetOf(path: string): Promise<string> {
  const target = await realpath(path).catch(() => resolve(path));
  const found = await lstat(target).catch(() => undefined);
  if (found !== undefined && !found.isFile()) {
    const code = found.isDirectory() ? "EISDIR" : "EINVAL";
    throw Object.assign(new Error("there is something else than a regular file"), { code });
  }
  return target;
}

async function writeAll(path: string, chunks: Iterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  const handle: FileHandle = await open(path, "wx");
  try {
    for (const chunk of chunks) {
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return hash.digest("hex");
}

/** Makes the rename itself durable, where the system can open a folder (Windows cannot). */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r").catch(() => undefined);
  try {
    await handle?.sync().catch(() => undefined);
  } finally {
    await handle?.close();
  }
}
