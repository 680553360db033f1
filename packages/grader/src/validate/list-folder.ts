/** What stands in a folder of output beside images: links and folders, which are never followed. */

import { lstatSync, opendirSync } from "node:fs";
import type { Fault } from "./findings.ts";

export interface Listing {
  links: Set<string>;
  folders: string[];
  /** Of all that is there. */
  entries: number;
}

/** Stops behind `limit` entries. @throws the system's error */
export function listFolder(path: string, limit: number): Listing {
  const listing: Listing = { links: new Set(), folders: [], entries: 0 };
  const folder = opendirSync(path, { bufferSize: 1024 });
  try {
    for (let item = folder.readSync(); item !== null; item = folder.readSync()) {
      if (++listing.entries > limit) break;
      if (item.isSymbolicLink()) listing.links.add(item.name);
      else if (item.isDirectory()) listing.folders.push(item.name);
    }
  } finally {
    folder.closeSync();
  }
  return listing;
}

/** What is wrong with the place where output should be, itself; undefined where it is a folder or a file, as wanted. */
export function faultOfPlace(path: string, wanted: "folder" | "file"): Fault | undefined {
  const fault = (found: string): Fault => {
    return { code: "output", severity: "error", message: `expected a ${wanted}, found ${found}`, file: path };
  };
  try {
    const stats = lstatSync(path);
    if (stats.isSymbolicLink()) return fault("a link, which is not followed");
    if (wanted === "folder") return stats.isDirectory() ? undefined : fault("something else");
    return stats.isFile() ? undefined : fault(stats.isDirectory() ? "a folder" : "something that is no file");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return fault("nothing: the run did not write it");
    throw error;
  }
}
