/** What stands at a name in a folder that may be hostile, found without opening it. */

import { lstatSync, realpathSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../problems.ts";
import { isInside } from "./read-file.ts";
import type { ImageEntry } from "./source.ts";

export interface FoundFolder {
  folder: string;
  linked: boolean;
}

/** Links are looked through to files and folders inside `root`, a real path; every other link is a problem. */
export function inspect(root: string, name: string): ImageEntry | FoundFolder | Problem {
  const path = join(root, name);
  try {
    const stats = lstatSync(path);
    if (!stats.isSymbolicLink()) return sortOut(name, stats, false);
  } catch (error) {
    return unreadable(name, error);
  }
  try {
    const target = realpathSync.native(path);
    return isInside(target, root)
      ? sortOut(name, statSync(target), true)
      : linkTo("something outside the folder", name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return linkTo("nothing", name);
    return code === "ELOOP" ? linkTo("itself", name) : unreadable(name, error);
  }
}

function sortOut(name: string, stats: Stats, linked: boolean): ImageEntry | FoundFolder | Problem {
  if (stats.isFile()) return { name, size: stats.size };
  if (stats.isDirectory()) return { folder: name, linked };
  return notAFile(stats.isFIFO() ? "a named pipe" : stats.isSocket() ? "a socket" : "a device", name);
}

export function notAFile(what: string, file: string): Problem {
  return { file, kind: "not-a-file", message: `expected a file, found ${what}` };
}

export function linkTo(what: string, file: string): Problem {
  const message = `expected a file, found a link to ${what}; put the file itself there`;
  return { file, kind: "link", message };
}

export function unreadable(file: string, error: unknown): Problem {
  const { code } = error as NodeJS.ErrnoException;
  return { file, kind: "unreadable", message: `expected to be allowed to read it, found ${code ?? error}` };
}
