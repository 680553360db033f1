/** Unpacks a zip that may be hostile: no name leads out of the folder, and what it unpacks to is limited. */

import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import type { Work } from "@touchstone/cli";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { storing } from "../cache/errors.ts";
import { BadFileError, BrokenZipError, TooLargeError } from "../errors.ts";
import { isLitter } from "../images/source.ts";

const BYTES_LIMIT = 8 * 2 ** 30;

/**
 * Writes the files of a zip below `folder`. What file managers leave behind is passed over, and so are links and the like.
 *
 * @throws BrokenZipError, TooLargeError, BadFileError, StorageError
 */
export async function* unzip(path: string, folder: string, signal?: AbortSignal): Work<void> {
  const broken = (error: Error) => new BrokenZipError(path, error);
  const zip = await yauzl.openPromise(path, { autoClose: false }).catch((error) => {
    throw broken(error);
  });
  try {
    await storing(folder, mkdir(folder, { recursive: true }));
    let bytes = 0;
    let done = 0;
    for await (const entry of entriesOf(zip, broken)) {
      bytes += entry.uncompressedSize;
      if (bytes > BYTES_LIMIT) throw new TooLargeError(path, bytes, BYTES_LIMIT);
      if (isWanted(entry)) await write(zip, entry, join(folder, entry.fileName), signal);
      yield { label: "unpacking", done: ++done, total: zip.entryCount, unit: "files" };
    }
  } finally {
    zip.close();
  }
}

async function* entriesOf(zip: ZipFile, broken: (error: Error) => Error): AsyncGenerator<Entry> {
  try {
    for await (const entry of zip.eachEntry()) yield entry;
  } catch (error) {
    throw broken(error as Error);
  }
}

function isWanted(entry: Entry): boolean {
  const type = (entry.externalFileAttributes >>> 28) & 0xf; // The top bits of st_mode, of archives made on Unix.
  const isPlain = entry.versionMadeBy >>> 8 !== 3 || type === 0 || type === 8;
  return isPlain && !entry.fileName.endsWith("/") && !entry.fileName.split("/").some(isLitter);
}

async function write(
  zip: ZipFile,
  entry: Entry,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const corrupt = (found: string) =>
    new BadFileError({
      file: entry.fileName,
      kind: "corrupt",
      message: `expected a sound entry, found ${found}`,
    });
  await storing(path, mkdir(dirname(path), { recursive: true }));
  let checksum = 0;
  async function* summed(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  }
  try {
    const content = await zip.openReadStreamPromise(entry);
    await pipeline(content, summed, createWriteStream(path), signal ? { signal } : {});
  } catch (error) {
    if (signal?.aborted) throw error;
    if ((error as NodeJS.ErrnoException).syscall) await storing(path, Promise.reject(error));
    throw corrupt(`a damaged one (${(error as Error).message})`);
  }
  if (checksum !== entry.crc32) throw corrupt("another checksum than it states");
}
