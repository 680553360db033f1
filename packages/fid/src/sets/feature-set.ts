/** What a metric takes of one side: statistics, and the features themselves where they are known. */

import { printable, type Work } from "@touchstone/cli";
import { BadFileError, type Image, type Problem, streamImages } from "@touchstone/datasets";
import type { Extracted, Extractor } from "../extractors/extractor.ts";
import type { Samples } from "../samples/index.ts";
import {
  computeStatistics,
  emptyStatistics,
  NonFiniteFeatureError,
  type Statistics,
  updateStatistics,
} from "../statistics/index.ts";
import type { Fingerprint, StoredStatistics } from "../stats-file/index.ts";
import type { CheckedImages } from "./check-images.ts";

export interface FeatureSet {
  /** As it was given. */
  path: string;
  statistics: Statistics;
  /** Absent of files of other programs. */
  fingerprint?: Fingerprint;
  features?: Samples;
  logits?: Samples;
  /** Computed of images that are here: what is absent can be had of them. */
  fromImages?: true;
  /** Of the images, in the order of `features`. */
  names?: string[];
  /** Files that could not be read and are left out. */
  skipped: Problem[];
}

export interface ExtractOptions {
  /** Images in a batch; the result does not depend on it. Default 32. */
  batchSize?: number;
  /** Keep the features of every image, for metrics that compare single images. Otherwise memory does not grow with n. */
  keepFeatures?: boolean;
  signal?: AbortSignal;
}

/** Batches under way: one on the device, and one that is being decoded and resized. */
const IN_FLIGHT = 2;

/**
 * Runs the extractor over the images of a set, at least 2.
 *
 * @throws NonFiniteFeatureError, and what the extractor and `streamImages` throw; the signal's reason
 */
export async function* extractFeatures(
  { source, order, skipped, filesSha256 }: CheckedImages,
  extractor: Extractor,
  { batchSize = 32, keepFeatures = false, signal }: ExtractOptions = {},
): Work<FeatureSet> {
  const { protocol } = extractor;
  const { dims } = protocol;
  const state = emptyStatistics(dims);
  // Of their final size from the start: of 50,000 images they take hundreds of MiB, and batches to be joined would take them twice.
  const features = keepFeatures ? table(order.length, dims) : undefined;
  let logits: Samples | undefined;
  let done = 0;
  const nameOf = (position: number) => source.entries[order[position]!]!.name;
  const take = (batch: Extracted) => {
    const n = batch.features.length / dims;
    const bad = batch.features.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0) {
      const image = `${source.path}: ${nameOf(done + Math.floor(bad / dims))}`;
      throw new NonFiniteFeatureError(printable(image), bad % dims, batch.features[bad]!);
    }
    updateStatistics(state, batch.features);
    features?.data.set(batch.features, done * dims);
    if (batch.logits) {
      logits ??= table(order.length, batch.logits.length / n);
      logits.data.set(batch.logits, done * logits.dims);
    }
    done += n;
    return { label: `features of ${source.path}`, done, total: order.length, unit: "images" };
  };

  const running: Promise<Extracted>[] = [];
  try {
    for await (const images of inBatches(streamOf(source, order, signal), batchSize)) {
      const batch = extractor.extract(images);
      batch.catch(() => {}); // Reported when its turn comes.
      running.push(batch);
      if (running.length === IN_FLIGHT) yield take(await running.shift()!);
    }
    while (running.length > 0) yield take(await running.shift()!);
  } finally {
    await Promise.allSettled(running);
  }
  return {
    path: source.path,
    statistics: computeStatistics(state),
    fingerprint: { ...protocol, n: order.length, filesSha256 },
    ...(features && { features, names: order.map((_, position) => nameOf(position)) }),
    ...(logits && { logits }),
    fromImages: true,
    skipped,
  };
}

const table = (count: number, dims: number): Samples => ({
  data: new Float32Array(count * dims),
  count,
  dims,
});

/** A set of which only statistics are known; up to n = dims they hold the features, too. */
export function storedSet(path: string, { statistics, fingerprint }: StoredStatistics): FeatureSet {
  const { mean, spread, dims } = statistics;
  const features: Samples | undefined =
    spread.kind === "features"
      ? { data: Float32Array.from(spread.centred, (x, i) => x + mean[i % dims]!), count: spread.n, dims }
      : undefined;
  return {
    path,
    statistics,
    ...(fingerprint && { fingerprint }),
    ...(features && { features }),
    skipped: [],
  };
}

/** The images of `order`, all of which could be read a moment ago. */
async function* streamOf(
  source: CheckedImages["source"],
  order: readonly number[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Image> {
  for await (const { image, problem } of streamImages(source, { order, ...(signal && { signal }) })) {
    if (problem) throw new BadFileError(problem);
    yield image;
  }
}

async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
