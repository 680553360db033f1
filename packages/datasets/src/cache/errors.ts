/** What goes wrong between a server, the cache folder and a file that must have a given checksum. */

import { printable } from "@touchstone/cli";
import { DatasetError } from "../errors.ts";

/** A server did not give the file that was asked for. */
export class DownloadError extends DatasetError {
  /** Neither the user's input nor a submission is to blame. */
  override readonly exitCode = 4;
  /** What came instead of the file. */
  readonly found: string;

  constructor(url: string, expected: string, found: string, advice: string, options?: ErrorOptions) {
    super(
      "DATASETS_DOWNLOAD",
      `${printable(url)}: expected ${expected}, found ${printable(found)}. ${advice}`,
      options,
    );
    this.found = found;
  }
}

/** A file is not, byte for byte, the one it should be. */
export class ChecksumError extends DatasetError {
  constructor(path: string, expected: string, found: string) {
    super(
      "DATASETS_CHECKSUM",
      `${printable(path)}: expected ${expected}, found ${found}. It is damaged, or another file under that name.`,
    );
  }
}

const STORAGE_CAUSES: Record<string, string> = {
  ENOSPC: "the disk is full. Make room, or set TOUCHSTONE_CACHE to a folder on another disk",
  EDQUOT: "your quota is used up. Make room, or set TOUCHSTONE_CACHE to a folder elsewhere",
  EROFS: "the file system is read-only. Set TOUCHSTONE_CACHE to a folder that can be written",
  EACCES: "permission denied. Give yourself write permission, or set TOUCHSTONE_CACHE to another folder",
  EPERM: "permission denied. Give yourself write permission, or set TOUCHSTONE_CACHE to another folder",
  ENOTDIR: "a part of this path is a file where a folder is needed. Move it away",
  EEXIST: "a part of this path is a file where a folder is needed. Move it away",
  EISDIR: "a folder is in the place of the file. Move it away",
  ENOTEMPTY: "a folder is in the place of the file. Move it away",
  EFBIG: "the file would be larger than is allowed here",
};

/** Something cannot be written to, or kept in, the cache folder. */
export class StorageError extends DatasetError {
  override readonly exitCode = 4;

  constructor(path: string, cause: NodeJS.ErrnoException) {
    const why = STORAGE_CAUSES[cause.code ?? ""] ?? cause.message;
    super("DATASETS_STORAGE", `${printable(path)}: cannot be written, ${why}.`, { cause });
  }
}

/** Awaits a file-system operation on `path`; its failure becomes a `StorageError`. */
export async function storing<T>(path: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw new StorageError(path, error as NodeJS.ErrnoException);
  }
}
