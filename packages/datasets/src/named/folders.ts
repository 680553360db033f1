/** Where data may lie: a folder of the user's in the homework's layout, and the cache. */

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../cache/folder.ts";
import { NoDataFolderError } from "./errors.ts";

export interface DataFolder {
  /** What messages call it. */
  kind: "data folder" | "cache";
  path: string;
  /** The folder that holds digits/ and face/. */
  homework: string;
}

/** The data sets' part of the cache. It is laid out like a data folder. */
export function cachedData(): DataFolder {
  const path = join(cacheFolder(), "datasets");
  return { kind: "cache", path, homework: join(path, "hw2_data") };
}

/**
 * The user's folder, if one was named by `data` or TOUCHSTONE_DATA, and the cache; in this order they are looked in.
 *
 * @throws NoDataFolderError if the user's folder is not one
 */
export function dataFolders(data: string | undefined = process.env.TOUCHSTONE_DATA): DataFolder[] {
  return data ? [userFolder(data), cachedData()] : [cachedData()];
}

function userFolder(path: string): DataFolder {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new NoDataFolderError(path, existsSync(path) ? "something else" : "nothing there");
  }
  const nested = join(path, "hw2_data");
  if (existsSync(nested)) return { kind: "data folder", path, homework: nested };
  if (["digits", "face", "bsds500"].some((part) => existsSync(join(path, part)))) {
    return { kind: "data folder", path, homework: path };
  }
  throw new NoDataFolderError(path, "none of them");
}
