/** Where the files of a data set are: for programs that take a folder of images rather than images in memory. */

import { existsSync } from "node:fs";
import { datasetNamed, howToGet } from "./datasets.ts";
import { MissingDatasetError, UnknownDatasetError } from "./errors.ts";
import { dataFolders } from "./folders.ts";
import { partPath } from "./places.ts";
import { SPLITS } from "./splits.ts";

export interface SplitFolder {
  /** Of its images. */
  images: string;
  /** `image_name,label`; absent of faces. */
  labels?: string;
}

/**
 * The folder of a split in the homework's layout; published archives do not count: `data import` unpacks them.
 *
 * @param name such as `svhn/val`
 * @param data as in `loadDataset`
 * @throws MissingDatasetError saying how to get it, UnknownDatasetError, NoDataFolderError
 */
export function splitFolder(name: string, { data }: { data?: string } = {}): SplitFolder {
  const split = Object.hasOwn(SPLITS, name) ? SPLITS[name] : undefined;
  if (!split) throw new UnknownDatasetError(name, Object.keys(SPLITS));
  const folders = dataFolders(data);
  for (const folder of split.folder ? folders : []) {
    const images = partPath(folder, split.folder!.part);
    if (!existsSync(images)) continue;
    return { images, ...(existsSync(`${images}.csv`) && { labels: `${images}.csv` }) };
  }
  const lookedIn = folders.map(({ kind, path }) => `the ${kind} ${path}`);
  throw new MissingDatasetError(name, lookedIn, howToGet(datasetNamed(name)!));
}
