/** Which images of a folder are still to be made. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ImageWriteError, OtherImageError } from "./errors.ts";
import { compareOrigin, type Origin, originOf } from "./origin.ts";

/**
 * The names under which there is no whole image of this origin in `folder`, which may not be there itself.
 *
 * @throws OtherImageError where there is another file under one of the names; ImageWriteError where it cannot be read
 */
export async function missingImages(
  folder: string,
  names: readonly string[],
  origin: Origin,
): Promise<Set<string>> {
  const present = new Set(await reading(folder, readdir(folder), []));
  const missing = new Set(names);
  for (const name of names.filter((name) => present.has(name))) {
    const path = join(folder, name);
    const file = await reading(path, readFile(path), Buffer.alloc(0));
    const found = compareOrigin(file, origin);
    if (found === "other") throw new OtherImageError(path, differences(originOf(file), origin));
    if (found === "whole") missing.delete(name);
  }
  return missing;
}

/** @param otherwise where there is nothing */
async function reading<T>(path: string, result: Promise<T>, otherwise: T): Promise<T> {
  return result.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return otherwise;
    throw new ImageWriteError(path, error);
  });
}

function differences(found: Origin | undefined, expected: Origin): string[] {
  if (!found) return [];
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  return keys
    .filter((key) => found[key] !== expected[key])
    .map((key) => `${key} ${found[key] ?? "none"}, not ${expected[key] ?? "none"}`);
}
