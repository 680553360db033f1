/** The look at every file of a set before the network runs: hours of work should not end at a broken file. */

import { createHash } from "node:crypto";
import type { Work } from "@touchstone/cli";
import { type ImageSource, type Problem, streamImages } from "@touchstone/datasets";
import { CorruptImagesError, MixedSizesError, SetTooSmallError } from "./errors.ts";

export interface CheckOptions {
  /** The first so many images by name; default all. */
  limit?: number;
  /** Leave out files that cannot be read, instead of refusing the set. */
  skipCorrupt?: boolean;
  /** Images may have different sizes. */
  mixedSizes?: boolean;
  /** Images there must be, and what for: `[4, "for 3 neighbours"]`. Default 1. */
  atLeast?: readonly [number, string];
  signal?: AbortSignal;
}

export interface CheckedImages {
  source: ImageSource;
  /** Positions in `source.entries` of the images that can be read. */
  order: number[];
  /** Files that cannot be read. */
  skipped: Problem[];
  /** Of the contents of all files of `order`; their names and their order do not matter. */
  filesSha256: string;
}

/**
 * Reads, decodes and hashes every file.
 *
 * @throws CorruptImagesError, MixedSizesError, SetTooSmallError; the signal's reason
 */
export async function* checkImages(all: ImageSource, options: CheckOptions = {}): Work<CheckedImages> {
  const { skipCorrupt = false, mixedSizes = false, atLeast = [1, ""], signal } = options;
  const source: ImageSource = { ...all, entries: all.entries.slice(0, options.limit) };
  const total = source.entries.length;
  const skipped = unlisted(all);
  const order: number[] = [];
  const sizes = new Map<string, { size: string; count: number; example: string }>();
  const hashes: string[] = [];
  const hashOf = new Map<string, string>();
  const hashing: ImageSource = {
    ...source,
    async read(entry) {
      const bytes = await all.read(entry);
      hashOf.set(entry.name, createHash("sha256").update(bytes).digest("hex"));
      return bytes;
    },
  };
  for await (const { index, name, image, problem } of streamImages(hashing, { ...(signal && { signal }) })) {
    if (problem) {
      skipped.push(problem);
    } else {
      order.push(index);
      hashes.push(hashOf.get(name)!);
      const size = `${image.width} x ${image.height}`;
      const seen = sizes.get(size) ?? { size, count: 0, example: name };
      sizes.set(size, { ...seen, count: seen.count + 1 });
    }
    hashOf.delete(name);
    yield { label: `checking ${all.path}`, done: index + 1, total, unit: "images" };
  }
  if (skipped.length > 0 && !skipCorrupt) throw new CorruptImagesError(all.path, skipped);
  if (sizes.size > 1 && !mixedSizes) {
    throw new MixedSizesError(
      all.path,
      [...sizes.values()].sort((a, b) => b.count - a.count),
    );
  }
  requireImages(all.path, order.length, atLeast);
  return { source, order, skipped, filesSha256: hashOfSet(hashes) };
}

/** @throws SetTooSmallError */
export function requireImages(path: string, count: number, [least, why]: readonly [number, string]): void {
  if (count < least) throw new SetTooSmallError(path, `at least ${least} images ${why}`.trim(), count);
}

/** How many images a set has at most: files that are refused, or skipped, may be among them. */
export function mostImages(source: ImageSource, { limit = Number.POSITIVE_INFINITY }: CheckOptions): number {
  return Math.min(source.entries.length, limit) + unlisted(source).length;
}

/** Files that are meant to be images and cannot be; one that is not called like an image, of whatever format, is not meant to be one. */
function unlisted({ problems }: ImageSource): Problem[] {
  return problems.filter(({ kind }) => kind !== "not-an-image");
}

function hashOfSet(hashes: readonly string[]): string {
  return createHash("sha256")
    .update([...hashes].sort().join("\n"))
    .digest("hex");
}
