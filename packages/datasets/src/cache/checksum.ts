/** Whether a file is, byte for byte, the one it should be. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { UnreadablePathError } from "../errors.ts";
import { ChecksumError } from "./errors.ts";

/** What is known of a file beforehand: the checksum its publisher states, in hexadecimal, and its size where known. */
export type Pin = ({ sha256: string } | { md5: string }) & { size?: number };

/**
 * Hashes the file at `path`.
 *
 * @throws ChecksumError if it is not the pinned one, UnreadablePathError if it cannot be read
 */
export async function checkFile(path: string, pin: Pin, signal?: AbortSignal): Promise<void> {
  const [algorithm, expected] = "sha256" in pin ? ["sha256", pin.sha256] : ["md5", pin.md5];
  const { found, size } = await hash(path, algorithm, signal).catch((error: NodeJS.ErrnoException) => {
    if (signal?.aborted) throw error;
    throw new UnreadablePathError(path, "a file", error);
  });
  if (pin.size !== undefined && size !== pin.size) {
    throw new ChecksumError(path, `${pin.size} bytes`, `${size} bytes`);
  }
  if (found !== expected) throw new ChecksumError(path, `${algorithm} ${expected}`, found);
}

/** Whether there is a file at `path` and it is the pinned one. */
export async function isFile(path: string, pin: Pin, signal?: AbortSignal): Promise<boolean> {
  if (!(await stat(path).catch(() => undefined))?.isFile()) return false;
  try {
    await checkFile(path, pin, signal);
    return true;
  } catch (error) {
    if (error instanceof ChecksumError) return false;
    throw error;
  }
}

async function hash(path: string, algorithm: string, signal: AbortSignal | undefined) {
  const digest = createHash(algorithm);
  const source = createReadStream(path, { highWaterMark: 1 << 20 });
  await pipeline(source, digest, signal ? { signal } : {});
  return { found: digest.digest("hex"), size: source.bytesRead };
}
