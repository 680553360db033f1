/** Writing a file so that nobody ever sees half of it: a temporary file in the same folder, fsync, rename. */

import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, lstat, open, realpath, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { CheckpointWriteError } from "./errors.ts";

/**
 * Writes `chunks` one after another to `path`. An existing file is replaced at the last moment, or not at all; a failure
 * leaves no temporary file behind, a killed process leaves one whose name begins with `.touchstone-` in the same folder.
 *
 * @returns the hexadecimal SHA-256 of what was written  @throws CheckpointWriteError
 */
export async function writeAtomically(path: string, chunks: Iterable<Uint8Array>): Promise<string> {
  try {
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
  } catch (error) {
    throw error instanceof CheckpointWriteError
      ? error
      : new CheckpointWriteError(path, reasonOf(error), { cause: error });
  }
}

/** Where a link leads; a rename over the link itself would break it, one over a device would replace the device. */
async function targetOf(path: string): Promise<string> {
  const target = await realpath(path).catch(() => resolve(path));
  const found = await lstat(target).catch(() => undefined);
  if (found !== undefined && !found.isFile()) {
    throw new CheckpointWriteError(path, "there is something else than a regular file");
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

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return "its folder does not exist; create it first";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return "its folder may not be written to";
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") return `there is no room for it (${code})`;
  return message;
}
