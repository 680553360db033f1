/** Which student each folder belongs to. */

import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AmbiguousSubmissionsError, CourseFileError } from "../errors.ts";
import { ID, matcher } from "./match.ts";

export interface Found {
  /** Absolute path of each student's folder; those without are missing. */
  folders: ReadonlyMap<string, string>;
  /** Names of folders that are no student's. */
  unknown: readonly string[];
}

/**
 * The folders below `folder` by the students that they are of.
 *
 * @param match of folders' names; default `{student_id}`
 * @throws CourseFileError, AmbiguousSubmissionsError, UsageError of `match`
 */
export async function findSubmissions(folder: string, ids: readonly string[], match = ID): Promise<Found> {
  return assign(resolve(folder), await foldersIn(folder), ids, match);
}

export function assign(
  folder: string,
  names: readonly string[],
  ids: readonly string[],
  match: string,
): Found {
  const idOf = matcher(match, ids);
  const owned = new Map<string, string[]>();
  const unknown: string[] = [];
  for (const name of names) {
    const id = idOf(name);
    if (id === undefined) unknown.push(name);
    else owned.set(id, [...(owned.get(id) ?? []), name]);
  }
  const doubles = [...owned].flatMap(([id, names]) => (names.length > 1 ? [{ id, names }] : []));
  if (doubles.length > 0) throw new AmbiguousSubmissionsError(folder, doubles);
  return { folders: new Map([...owned].map(([id, [name]]) => [id, join(folder, name!)])), unknown };
}

/** Links to folders are folders. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    const { code } = error;
    const found = code === "ENOENT" ? "nothing there" : code === "ENOTDIR" ? "no folder" : `${code}`;
    throw new CourseFileError(folder, "a folder with a folder for each student", found, { cause: error });
  });
  const isFolder = async (entry: Dirent) =>
    entry.isDirectory() ||
    (entry.isSymbolicLink() &&
      (await stat(join(folder, entry.name)).catch(() => undefined))?.isDirectory() === true);
  const kept: string[] = [];
  for (const entry of entries) {
    if (!entry.name.startsWith(".") && (await isFolder(entry))) kept.push(entry.name);
  }
  return kept.sort();
}
