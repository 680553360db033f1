/** Writing a checkpoint whole or not at all. */

import { CheckpointWriteError } from "./errors.ts";
import { replaceFile } from "./replace-file.ts";

/** As `replaceFile`. @throws CheckpointWriteError */
export async function writeAtomically(path: string, chunks: Iterable<Uint8Array>): Promise<string> {
  try {
    return await replaceFile(path, chunks);
  } catch (error) {
    throw new CheckpointWriteError(path, reasonOf(error), { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return "its folder does not exist; create it first";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return "its folder may not be written to";
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") return `there is no room for it (${code})`;
  return message;
}
