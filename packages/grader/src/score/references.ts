/** Reference images: where they are, and their features, which are computed once for a protocol and kept. */

import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
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
  /** Of the assignment's file: paths in it are relative to this folder. */
  base: string;
}

export interface References {
  /** A folder or zip of images. @throws MissingReferenceError, MissingDatasetError */
  images(reference: Reference): string;
  /** The table of labels that belongs to a folder of images. @throws MissingReferenceError, MissingDatasetError */
  labels(reference: Reference): string;
  /** Features of a set: shipped, kept from an earlier time, or computed now. @throws what computing them throws */
  features(reference: Reference, extractor: Extractor, signal?: AbortSignal): Work<FeatureSet>;
  /** All folders that a submission must not see. */
  hidden(references: readonly Reference[]): string[];
}

/** Features of sets that most people do not have; `pnpm fid DIR --save-stats FILE.safetensors` made them, and a card says of what. */
const SHIPPED = fileURLToPath(new URL("../../references/", import.meta.url));

export function openReferences(options: ReferenceOptions): References {
  const { data, base } = options;
  const kept = new Map<string, FeatureSet>();

  const pathOf = (reference: Reference, isSet: boolean): string => {
    if ("given" in reference) {
      if (options.privateReference !== undefined) return options.privateReference;
      throw new MissingReferenceError("private", "a folder named by --private-reference", "none");
    }
    if (isSet && options.reference !== undefined) return options.reference;
    if ("path" in reference) return join(base, reference.path);
    return splitFolder(reference.split, data === undefined ? {} : { data }).images;
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
      const isOwn = !("given" in reference) && options.reference === undefined;
      const shipped =
        isOwn && "split" in reference ? await shippedFeatures(reference.split, extractor) : undefined;
      const set = shipped ?? (yield* computed(pathOf(reference, true), extractor, signal));
      kept.set(name, set);
      return set;
    },
    hidden: (references) =>
      references.flatMap((reference) => {
        try {
          const path = pathOf(reference, true);
          return [path, ...(existsSync(`${path}.csv`) ? [`${path}.csv`] : [])];
        } catch {
          return []; // What is not there cannot be seen.
        }
      }),
  };
}

async function shippedFeatures(split: string, { protocol }: Extractor): Promise<FeatureSet | undefined> {
  const file = join(
    SHIPPED,
    `${split.replaceAll("/", "-")}-${protocol.extractor}-${protocol.dims}.safetensors`,
  );
  if (!existsSync(file)) return undefined;
  const set = await readFeatureFile(file);
  return protocolDifferences(set.fingerprint, { ...set.fingerprint, ...protocol }).length === 0
    ? set
    : undefined;
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
    const folder = join(cacheFolder(), "features");
    const file = join(folder, `${recordKey({ ...extractor.protocol, filesSha256 })}.safetensors`);
    const known = existsSync(file) ? await readFeatureFile(file).catch(() => undefined) : undefined;
    if (known) return { ...known, path };
    const set = yield* extractFeatures(checked, extractor, { keepFeatures: true, ...(signal && { signal }) });
    await mkdir(folder, { recursive: true });
    const { features, fingerprint, names } = set;
    await writeFeatureFile(file, {
      features: features!,
      fingerprint: fingerprint!,
      ...(names && { names }),
    });
    return set;
  } finally {
    await source.close();
  }
}
