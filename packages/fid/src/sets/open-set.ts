/** What stands at a path: a folder or zip of images, or a file of statistics or features. */

import { type ImageSource, openImages } from "@touchstone/datasets";
import { readStatistics } from "../stats-file/index.ts";
import { readFeatureFile } from "./feature-file.ts";
import { type FeatureSet, storedSet } from "./feature-set.ts";

export type OpenedSet = { kind: "images"; source: ImageSource } | { kind: "features"; set: FeatureSet };

/**
 * A file called `.npz` holds statistics, one called `.safetensors` features; anything else, images.
 *
 * @throws what `readStatistics`, `readFeatureFile` and `openImages` throw
 */
export async function openSet(path: string, options: { recursive?: boolean } = {}): Promise<OpenedSet> {
  if (/\.npz$/i.test(path)) return { kind: "features", set: storedSet(path, await readStatistics(path)) };
  if (/\.safetensors$/i.test(path)) return { kind: "features", set: await readFeatureFile(path) };
  return { kind: "images", source: await openImages(path, options) };
}
