/** A folder of images that may be hostile: nothing outside it is read, and nothing that blocks is opened. */

import { opendirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { TooManyEntriesError } from "../errors.ts";
import type { Problem } from "../problems.ts";
import { type FoundFolder, inspect, linkTo, notAFile, unreadable } from "./inspect.ts";
import { compareNatural } from "./natural-order.ts";
import { readRegularFile } from "./read-file.ts";
import {
  hasImageName,
  type ImageEntry,
  type ImageSource,
  isLitter,
  type Limits,
  problemOfFile,
} from "./source.ts";

/** @returns the source, and how many folders in it were passed over */
export function openFolder(
  path: string,
  recursive: boolean,
  limits: Limits,
): { source: ImageSource; folders: number } {
  const root = realpathSync(path);
  const entries: ImageEntry[] = [];
  const problems: Problem[] = [];
  const pending = [""];
  let folders = 0;
  let seen = 0;

  const takeFolder = ({ folder, linked }: FoundFolder) => {
    if (hasImageName(folder)) problems.push((linked ? linkTo : notAFile)("a folder", folder));
    else if (!recursive) folders++;
    else if (linked) problems.push(linkTo("a folder", folder));
    else pending.push(`${folder}/`);
  };
  const take = (name: string) => {
    const found = inspect(root, name);
    if ("folder" in found) return takeFolder(found);
    const problem = "kind" in found ? found : problemOfFile(name, found.size, limits);
    if (problem) problems.push(problem);
    else entries.push(found as ImageEntry);
  };

  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    try {
      for (const basename of namesIn(join(root, folder))) {
        if (++seen > limits.entries) throw new TooManyEntriesError(path, limits.entries);
        if (!isLitter(basename)) take(folder + basename);
      }
    } catch (error) {
      if (folder === "" || error instanceof TooManyEntriesError) throw error;
      problems.push(unreadable(folder, error));
    }
  }

  const source: ImageSource = {
    path,
    kind: "folder",
    entries: entries.sort((a, b) => compareNatural(a.name, b.name)),
    problems: problems.sort((a, b) => compareNatural(a.file, b.file)),
    limits,
    read: ({ name }) => readRegularFile(join(root, name), { name, inside: root, limit: limits.fileBytes }),
    close: async () => {},
  };
  return { source, folders };
}

/** Synchronous: a hundred thousand entries take seconds through the thread pool, and half a second without it. */
function* namesIn(folder: string): Iterable<string> {
  const handle = opendirSync(folder, { bufferSize: 1024 });
  try {
    for (let item = handle.readSync(); item !== null; item = handle.readSync()) yield item.name;
  } finally {
    handle.closeSync();
  }
}
