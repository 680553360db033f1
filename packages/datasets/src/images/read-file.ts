/** Reading one file whose name or content somebody else chose. */

import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { BadFileError } from "../errors.ts";
import type { ProblemKind } from "../problems.ts";

// A pipe in the place of a file must not block, nor a link that appeared after the check lead away. Windows has neither flag.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** Whether `path` is something below `root`; both absolute and free of links. */
export function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/**
 * The bytes of a regular file.
 *
 * @param options.name what messages call it
 * @param options.inside a real path which links must not leave; without it they may lead anywhere
 * @param options.limit in bytes
 * @throws BadFileError if it cannot be read, is no regular file, or is larger than the limit
 */
export async function readRegularFile(
  path: string,
  { name, inside, limit }: { name: string; inside?: string; limit: number },
): Promise<Uint8Array> {
  const bad = (kind: ProblemKind, message: string) => new BadFileError({ file: name, kind, message });
  try {
    const target = await realpath(path);
    if (inside !== undefined && !isInside(target, inside)) {
      throw bad("link", "expected a file, found a link to something outside the folder");
    }
    const file = await open(target, FLAGS);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw bad("not-a-file", "expected a file, found something else");
      if (stats.size > limit) {
        throw bad("too-many-bytes", `expected at most ${limit} bytes, found ${stats.size}`);
      }
      const bytes = new Uint8Array(stats.size);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof BadFileError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw bad("unreadable", `expected a file that can be read, found ${code ?? error}`);
  }
}
