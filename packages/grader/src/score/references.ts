/** Reference images: where they are, and their features, which are computed once for a protocol and kept. */

import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Work } from "@touchstone/cli";
import { cacheFolder, openImages, splitFolder } from "@touchstone/datasets";
import {
  checkImages,
  type Extractor,
  extractFeatures,
  type FeatureSet,
  protocolDifferences,
  readFeatureFile,
  readStatistics,
  storedSet,
  writeFeatureFile,
} from "@touchstone/fid";
import type { Reference } from "../assignment/index.ts";
import { recordKey } from "../records/index.ts";
import { MissingReferenceError } from "./errors.ts";

export interface ReferenceOptions {
  /** A folder in the homework's layout; by default TOUCHSTONE_DATA. */
  data?: string;
  /** In place of every reference set that is not private. */
  reference?: string;
  /** Stands for `private`. */
  privateReference?: string;
  /** Folder of features and statistics that are shipped; by default this package's. */
  shipped?: string;
  /** Of the assignment's file: paths in it are relative to this folder. */
  base: string;
}

export interface References {
  /** A folder or zip of images. @throws MissingReferenceError, MissingDatasetError */
  images(reference: Reference): string;
  /** The table of labels that belongs to a folder of images. @throws MissingReferenceError, MissingDatasetError */
  labels(reference: Reference): string;
  /** Features of a set, kept from an earlier time or computed now; of one that is not here, what is shipped. @throws what computing them throws */
  features(reference: Reference, extractor: Extractor, signal?: AbortSignal): Work<FeatureSet>;
  /** Whether a set is there, or was given. */
  has(reference: Reference): boolean;
  /** Everywhere where a set is, with its table of labels: in the assignment's place, and in the one that was given instead. */
  places(reference: Reference): string[];
  /** A file that the assignment names. */
  file(path: string): string;
}

/** What distances to sets that most people do not have need; a card says of what, and made how. */
const SHIPPED = fileURLToPath(new URL("../../references/", import.meta.url));

export function openReferences(options: ReferenceOptions): References {
  const { data, base, shipped: folder = SHIPPED } = options;
  const kept = new Map<string, FeatureSet>();

  const pathOf = (reference: Reference, isSet: boolean): string => {
    if ("given" in reference) {
      if (options.privateReference !== undefined) return options.privateReference;
      throw new MissingReferenceError("private", "a folder named by --private-reference", "none");
    }
    if (isSet && options.reference !== undefined) return options.reference;
    if ("path" in reference) return resolve(base, reference.path);
    return splitFolder(reference.split, data === undefined ? {} : { data }).images;
  };

  const places = (reference: Reference): string[] => {
    const paths = [true, false].flatMap((isSet) => {
      try {
        return [pathOf(reference, isSet)];
      } catch {
        return []; // It is not there.
      }
    });
    return [...new Set(paths)].flatMap((path) => [path, `${path}.csv`]).filter(existsSync);
  };

  return {
    images: (reference) => pathOf(reference, false),
    labels(reference) {
      const path = pathOf(reference, false);
      const table = path.endsWith(".csv") ? path : `${path}.csv`;
      if (existsSync(table)) return table;
      throw new MissingReferenceError(
        table,
        "a table of labels with the header image_name,label",
        "nothing there",
      );
    },
    async *features(reference, extractor, signal) {
      const name = recordKey({
        reference,
        override: options.reference ?? null,
        protocol: extractor.protocol,
      });
      const known = kept.get(name);
      if (known) return known;
      const isAbsent =
        options.reference === undefined && "split" in reference && places(reference).length === 0;
      const shipped = isAbsent ? await shippedSet(folder, reference.split, extractor) : undefined;
      const set = shipped ?? (yield* computed(pathOf(reference, true), extractor, signal));
      kept.set(name, set);
      return set;
    },
    has: (reference) => places(reference).length > 0,
    places,
    file: (path) => resolve(base, path),
  };
}

/** Features, which KID needs as well, or else statistics. */
async function shippedSet(
  folder: string,
  split: string,
  { protocol }: Extractor,
): Promise<FeatureSet | undefined> {
  const base = join(folder, `${split.replaceAll("/", "-")}-${protocol.extractor}-${protocol.dims}`);
  const [features, statistics] = [`${base}.safetensors`, `${base}.npz`];
  const set = existsSync(features)
    ? await readFeatureFile(features)
    : existsSync(statistics)
      ? await storedSet(statistics, await readStatistics(statistics))
      : undefined;
  const { fingerprint } = set ?? {};
  if (!fingerprint) return undefined;
  return protocolDifferences(fingerprint, { ...fingerprint, ...protocol }).length === 0 ? set : undefined;
}

/** The files are read and hashed each time, which takes a second; what was computed from the same files is taken from the cache. */
async function* computed(
  path: string,
  extractor: Extractor,
  signal: AbortSignal | undefined,
): Work<FeatureSet> {
  const source = await openImages(path);
  try {
    const checked = yield* checkImages(source, {
      atLeast: [2, "for a covariance"],
      ...(signal && { signal }),
    });
    const { filesSha256 } = checked;
    const file = join(
      cacheFolder(),
      "features",
      `${recordKey({ ...extractor.protocol, filesSha256 })}.safetensors`,
    );
    const known = existsSync(file) ? await readFeatureFile(file).catch(() => undefined) : undefined;
    if (known) return { ...known, path };
    const set = yield* extractFeatures(checked, extractor, { keepFeatures: true, ...(signal && { signal }) });
    await keep(file, set).catch(() => {}); // A cache that cannot be written costs time, no more.
    return set;
  } finally {
    await source.close();
  }
}

async function keep(file: string, { features, fingerprint, names }: FeatureSet): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFeatureFile(file, {
    features: features!,
    fingerprint: fingerprint!,
    ...(names && { names }),
  });
}
