/** Where a part of a data set can be read from: folders in the homework's layout, published archives, npm packages. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkFile } from "../cache/checksum.ts";
import type { Size } from "../types.ts";
import { type Archive, archivePath } from "./archives.ts";
import type { DataFolder } from "./folders.ts";
import type { HomeworkOptions } from "./homework.ts";

/** A part of a data set that is used as a whole: `usps/val`. */
export interface Split<T> {
  /** How many images there must be; undefined where publications differ. */
  count?: number;
  /** Their size before they are brought to the one that is asked for; undefined where they differ. */
  stored?: Size;
  /** Below the homework's folder, or in the case of `bsds500` beside it. */
  folder?: { part: string; read(path: string, options: HomeworkOptions): Promise<T> };
  archive?: { file: Archive; read(path: string): Promise<T> };
  npm?: { folder(): string | undefined; read(path: string): Promise<T> };
}

/** Where a split is. */
export interface Place<T> {
  kind: DataFolder["kind"] | "archive" | "npm package";
  path: string;
  /** With `expectedSize` it is an error if the images of a folder have another size. */
  read(options: HomeworkOptions): Promise<T>;
}

/** All places where a split is now, the preferred one first: the folders in their order, then its archive. */
export function placesOf<T>({ folder, archive, npm }: Split<T>, folders: readonly DataFolder[]): Place<T>[] {
  const places: Place<T>[] = [];
  for (const data of folder ? folders : []) {
    const path = partPath(data, folder!.part);
    if (existsSync(path))
      places.push({ kind: data.kind, path, read: (options) => folder!.read(path, options) });
  }
  if (archive) {
    const path = archivePath(archive.file);
    const read = async ({ signal }: HomeworkOptions) => {
      await checkFile(path, archive.file.pin, signal);
      return archive.read(path);
    };
    if (existsSync(path)) places.push({ kind: "archive", path, read });
  }
  const path = npm?.folder();
  if (npm && path !== undefined) places.push({ kind: "npm package", path, read: () => npm.read(path) });
  return places;
}

/** The path of a part of a data folder. */
export function partPath(data: DataFolder, part: string): string {
  return join(part === "bsds500" ? data.path : data.homework, part);
}
