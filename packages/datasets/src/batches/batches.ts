/** Batches of images: of an array in memory, or of a folder or zip that is decoded as it goes. */

import type { Generator } from "@touchstone/nn";
import { InvalidOptionError, refuseProblems } from "../errors.ts";
import type { ImageSource } from "../images/source.ts";
import { firstSize, type ReadOptions, streamImages } from "../images/stream.ts";
import { requirePositiveInteger } from "../options.ts";
import type { Problem } from "../problems.ts";
import type { Batch, ImageArray, LabeledImages, Size } from "../types.ts";

export interface BatchOptions {
  /** Images in a batch; the last one has what is left. */
  batchSize: number;
  /** Leaves out a last batch that is not full. */
  dropLast?: boolean;
  /** Draws the order; without it images come in their own. */
  shuffle?: Generator;
  /** Each epoch has an order of its own, which depends on the generator's seed and this number only; default 0. */
  epoch?: number;
  /** Stops with the signal's reason. */
  signal?: AbortSignal;
}

export interface SourceBatchOptions extends BatchOptions, ReadOptions {
  /** Class of each of `source.entries`. */
  labels?: Int32Array;
  /** Called for each bad file, which is then left out. Without it the first one throws ProblemsError. */
  onProblem?: (problem: Problem) => void;
}

/**
 * One pass over the images. Every batch but the last has exactly `batchSize` of them: bad files leave no gaps.
 *
 * Of a source without `expectedSize`, all must have the size of its first image. A consumer may stop at any time; what is being
 * read then is waited for.
 *
 * @throws InvalidOptionError, ProblemsError, NoImagesError; the signal's reason
 */
export function batches(from: ImageArray | LabeledImages, options: BatchOptions): AsyncGenerator<Batch, void>;
export function batches(from: ImageSource, options: SourceBatchOptions): AsyncGenerator<Batch, void>;
export async function* batches(
  from: ImageArray | LabeledImages | ImageSource,
  options: SourceBatchOptions,
): AsyncGenerator<Batch, void> {
  const { batchSize, epoch = 0, shuffle } = options;
  requirePositiveInteger("batchSize", batchSize);
  const inMemory = "images" in from;
  const count = inMemory ? from.count : from.entries.length;
  const order = shuffle?.split(epoch).permutation(count) ?? Int32Array.from({ length: count }, (_, i) => i);
  if (inMemory) {
    const labels = "labels" in from ? from.labels : undefined;
    yield* grouped(arrayItems(from, order), from, labels, options);
  } else {
    const { labels } = options;
    if (labels && labels.length !== count) {
      throw new InvalidOptionError("labels", `${count}, one for each entry`, labels.length);
    }
    const size = options.expectedSize ?? (await firstSize(from, options.signal));
    const items = sourceItems(from, order, { ...options, expectedSize: size });
    yield* grouped(items, { ...size, count }, labels, options);
  }
}

interface Item {
  index: number;
  name: string;
  /** `[height, width, 3]` */
  data: Uint8Array;
}

function* arrayItems({ images, height, width, names }: ImageArray, order: Int32Array): Iterable<Item> {
  const pixels = height * width * 3;
  for (const index of order) {
    const data = images.subarray(index * pixels, (index + 1) * pixels);
    yield { index, name: names?.[index] ?? String(index), data };
  }
}

async function* sourceItems(
  source: ImageSource,
  order: Int32Array,
  options: SourceBatchOptions,
): AsyncGenerator<Item> {
  const { onProblem = (problem: Problem) => refuseProblems(source.path, [problem]) } = options;
  if (options.onProblem) source.problems.forEach(onProblem);
  else refuseProblems(source.path, source.problems);
  for await (const { index, name, image, problem } of streamImages(source, { ...options, order })) {
    if (image) yield { index, name, data: image.data };
    else onProblem(problem);
  }
}

/** Copies items of one size into batches; there are at most `count` of them. */
async function* grouped(
  items: Iterable<Item> | AsyncIterable<Item>,
  { height, width, count }: Size & { count: number },
  labels: Int32Array | undefined,
  { batchSize, dropLast = false, signal }: BatchOptions,
): AsyncGenerator<Batch, void> {
  const pixels = height * width * 3;
  let images = new Uint8Array();
  let names: string[] = [];
  let indices: number[] = [];
  const takeBatch = (): Batch => {
    const batch: Batch = {
      images: images.subarray(0, names.length * pixels),
      count: names.length,
      height,
      width,
      channels: 3,
      indices: Int32Array.from(indices),
      names,
    };
    if (labels) batch.labels = batch.indices.map((index) => labels[index]!);
    names = [];
    indices = [];
    return batch;
  };
  for await (const { index, name, data } of items) {
    signal?.throwIfAborted();
    if (names.length === 0) images = new Uint8Array(Math.min(batchSize, count) * pixels);
    images.set(data, names.length * pixels);
    indices.push(index);
    if (names.push(name) === batchSize) yield takeBatch();
  }
  if (names.length > 0 && !dropLast) yield takeBatch();
}
