/** Opens a folder or a zip of images, whichever stands at a path. */

import { open, stat } from "node:fs/promises";
import { NoImagesError, UnreadablePathError, WrongPathKindError } from "../errors.ts";
import { openFolder } from "./folder.ts";
import { type ImageSource, LIMITS, type Limits } from "./source.ts";
import { openZip } from "./zip.ts";

export interface OpenOptions {
  /** Also the folders inside; otherwise they are passed over. */
  recursive?: boolean;
  limits?: Partial<Limits>;
}

const EXPECTED = "a folder or a zip of images";

/**
 * Lists the PNG, JPEG and WebP files of a folder or zip. What cannot be one of them is in `problems`, by name; pass those to
 * `refuseProblems` to be strict. Links inside the folder are followed to files inside the folder, and no further.
 *
 * @throws UnreadablePathError, WrongPathKindError, BrokenZipError, TooManyEntriesError
 * @throws NoImagesError if nothing in it could be an image
 */
export async function openImages(path: string, options: OpenOptions = {}): Promise<ImageSource> {
  const { recursive = false } = options;
  const limits = { ...LIMITS, ...options.limits };
  const { source, folders } = await openEither(path, recursive, limits);
  if (source.entries.length === 0) {
    await source.close();
    const hint = folders > 0 ? ` There are folders inside (${folders}); ask for them with "recursive".` : "";
    throw new NoImagesError(path, hint, source.problems);
  }
  return source;
}

async function openEither(
  path: string,
  recursive: boolean,
  limits: Limits,
): Promise<{ source: ImageSource; folders: number }> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return openFolder(path, recursive, limits);
    if (!stats.isFile()) throw new WrongPathKindError(path, EXPECTED, "neither a folder nor a file");
    if (await beginsLikeZip(path)) return await openZip(path, recursive, limits);
    throw new WrongPathKindError(
      path,
      EXPECTED,
      stats.size === 0 ? "an empty file" : "a file that is no zip",
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new UnreadablePathError(path, EXPECTED, error as NodeJS.ErrnoException);
  }
}

async function beginsLikeZip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const magic = buffer.toString("latin1");
    return magic === "PK\x03\x04" || magic === "PK\x05\x06"; // The second begins an archive without entries.
  } finally {
    await file.close();
  }
}
