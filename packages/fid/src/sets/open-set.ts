/** What stands at a path: a folder or zip of images, or a file of statistics. */

import { type ImageSource, openImages } from "@touchstone/datasets";
import { readStatistics, type StoredStatistics } from "../stats-file/index.ts";

export type OpenedSet =
  | { kind: "images"; source: ImageSource }
  | { kind: "statistics"; path: string; stored: StoredStatistics };

/**
 * A file is taken for statistics if it is called `.npz`, for images otherwise.
 *
 * @throws what `readStatistics` and `openImages` throw
 */
export async function openSet(path: string, options: { recursive?: boolean } = {}): Promise<OpenedSet> {
  if (/\.npz$/i.test(path)) return { kind: "statistics", path, stored: await readStatistics(path) };
  return { kind: "images", source: await openImages(path, options) };
}
