/** What a training step sees of a set of images: a function of the seed and the step alone, so that training can resume anywhere. */

import type { ImageArray, Size } from "@touchstone/datasets";
import type { Generator } from "@touchstone/nn";
import { ImagesError } from "./errors.ts";

/** @throws ImagesError unless the images have this size and there are at least `batchSize` of them */
export function requireImages(
  { height, width, count, images }: ImageArray,
  size: Size,
  batchSize: number,
): void {
  if (height !== size.height || width !== size.width) {
    const expected = `${size.height} x ${size.width} pixels`;
    throw new ImagesError("The training images", expected, `${height} x ${width}; resize or crop them`);
  }
  if (count < batchSize) {
    throw new ImagesError("The training images", `at least ${batchSize}, one batch`, String(count));
  }
  const bytes = count * height * width * 3;
  if (images.length !== bytes) {
    throw new ImagesError(`The array of ${count} training images`, `${bytes} bytes`, String(images.length));
  }
}

/**
 * The batches of an endless training, by number: each epoch goes through the images in an order of its own (that of
 * `batches(images, { shuffle: generator, epoch, dropLast: true })`), and leaves out the last ones if they fill no batch.
 *
 * @returns positions of the images, `[batchSize]`
 */
export function shuffledBatches(
  count: number,
  batchSize: number,
  generator: Generator,
): (batch: number) => Int32Array {
  const perEpoch = Math.floor(count / batchSize);
  let last: { epoch: number; order: Int32Array } | undefined;
  return (batch) => {
    const epoch = Math.floor(batch / perEpoch);
    if (last?.epoch !== epoch) last = { epoch, order: generator.split(epoch).permutation(count) };
    const start = (batch % perEpoch) * batchSize;
    return last.order.subarray(start, start + batchSize);
  };
}

/** The images at `indices`, one after the other: [b, height, width, 3]. `mirror(i)` says whether the i-th is flipped left to right. */
export function gatherImages(
  { images, height, width }: ImageArray,
  indices: Int32Array,
  mirror: (i: number) => boolean,
): Uint8Array {
  const size = height * width * 3;
  const out = new Uint8Array(indices.length * size);
  indices.forEach((index, i) => {
    const image = images.subarray(index * size, (index + 1) * size);
    if (mirror(i)) setMirrored(out.subarray(i * size), image, width);
    else out.set(image, i * size);
  });
  return out;
}

function setMirrored(out: Uint8Array, image: Uint8Array, width: number): void {
  const row = 3 * width;
  for (let from = 0; from < image.length; from += 3) {
    const x = from % row;
    const to = from - x + (row - 3 - x);
    for (let channel = 0; channel < 3; channel++) out[to + channel] = image[from + channel]!;
  }
}
