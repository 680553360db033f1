/** Puts a file that the user already has into the cache. */

import { copyFile, open } from "node:fs/promises";
import { checkFile, type Pin } from "./checksum.ts";
import { storing } from "./errors.ts";
import { claimPart, emptyPart, publish, releasePart } from "./part.ts";

/**
 * Copies `source` to `destination`, which is there whole or not at all.
 *
 * @throws ChecksumError if `source` is not the pinned file
 */
export async function copyChecked(
  source: string,
  destination: string,
  pin: Pin,
  signal?: AbortSignal,
): Promise<void> {
  await checkFile(source, pin, signal);
  const part = await claimPart(destination);
  try {
    await storing(part.bytes, copyFile(source, part.bytes));
    await storing(part.bytes, flush(part.bytes));
    await checkFile(part.bytes, pin, signal);
    await publish(part);
  } catch (error) {
    await emptyPart(part);
    throw error;
  } finally {
    await releasePart(part);
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
