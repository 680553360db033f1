/** A file read by ranges, so that a large checkpoint is never in memory twice. */

import { createHash } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { CheckpointFileError, InvalidCheckpointError, UnsupportedCheckpointError } from "./errors.ts";

const CHUNK_BYTES = 1 << 20;
/** What one `read` may ask for: the system call takes no more than 2^31 - 1. */
const READ_BYTES = 1 << 30;

export interface CheckpointFile {
  readonly path: string;
  readonly size: number;
  /** These bytes in a buffer of their own. @param what for messages, such as `the tensor "net.0.weight"` */
  read(position: number, length: number, what: string): Promise<Uint8Array>;
  /** The hexadecimal SHA-256 of the whole file. */
  sha256(): Promise<string>;
  crc32(position: number, length: number, what: string): Promise<number>;
}

/**
 * Calls `use` with the opened file and closes it afterwards.
 *
 * @throws CheckpointFileError if there is no such regular file, or it is empty or may not be read
 */
export async function withCheckpointFile<T>(
  path: string,
  use: (file: CheckpointFile) => Promise<T>,
): Promise<T> {
  const { handle, size } = await openFile(path);
  try {
    return await use(fileOf(path, handle, size));
  } finally {
    await handle.close();
  }
}

async function openFile(path: string): Promise<{ handle: FileHandle; size: number }> {
  try {
    // Asked before it is opened: opening a pipe would wait for someone to write into it.
    const { size } = regular(path, await stat(path));
    if (size === 0) throw new CheckpointFileError(path, "an empty file");
    return { handle: await open(path, "r"), size };
  } catch (error) {
    throw error instanceof CheckpointFileError
      ? error
      : new CheckpointFileError(path, reasonOf(error), { cause: error });
  }
}

function regular<T extends { isFile(): boolean; isDirectory(): boolean }>(path: string, stats: T): T {
  if (stats.isDirectory()) throw new CheckpointFileError(path, "a folder");
  if (!stats.isFile()) throw new CheckpointFileError(path, "something that is not a regular file");
  return stats;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return "no file there";
  if (code === "EACCES" || code === "EPERM") return "a file that may not be read (permissions)";
  return message;
}

function fileOf(path: string, handle: FileHandle, size: number): CheckpointFile {
  async function readInto(buffer: Uint8Array, position: number, what: string): Promise<void> {
    for (let done = 0; done < buffer.length; ) {
      const length = Math.min(READ_BYTES, buffer.length - done);
      const { bytesRead } = await handle.read(buffer, done, length, position + done);
      if (bytesRead === 0) throw beyond(what, position + buffer.length, position + done);
      done += bytesRead;
    }
  }

  async function chunks(position: number, length: number, what: string, use: (chunk: Uint8Array) => void) {
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, length));
    for (let done = 0; done < length; done += buffer.length) {
      const chunk = buffer.subarray(0, Math.min(buffer.length, length - done));
      await readInto(chunk, position + done, what);
      use(chunk);
    }
  }

  function beyond(what: string, end: number, found: number): InvalidCheckpointError {
    return new InvalidCheckpointError(
      path,
      `${what} to end at byte ${end}`,
      `the file's end at byte ${found}`,
    );
  }

  return {
    path,
    size,
    async read(position, length, what) {
      if (position + length > size) throw beyond(what, position + length, size);
      const buffer = allocate(length, `${path}: ${what}`);
      await readInto(buffer, position, what);
      return buffer;
    },
    async sha256() {
      const hash = createHash("sha256");
      await chunks(0, size, "the file", (chunk) => hash.update(chunk));
      return hash.digest("hex");
    },
    async crc32(position, length, what) {
      let sum = 0;
      await chunks(position, length, what, (chunk) => {
        sum = crc32(chunk, sum);
      });
      return sum;
    },
  };
}

function allocate(length: number, what: string): Uint8Array {
  try {
    return new Uint8Array(length);
  } catch {
    throw new UnsupportedCheckpointError(
      what,
      `${length} bytes`,
      "Free memory: so much could not be had at once.",
    );
  }
}
