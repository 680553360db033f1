/** What the training is fed: digits, in batches by number. */

import type { ImageArray, LabeledImages } from "@touchstone/datasets";
import type { Generator } from "@touchstone/nn";
import { ImagesError } from "../images/errors.ts";
import { gatherImages, requireImages, shuffledBatches } from "../images/training-batches.ts";
import { type Augmentation, augment } from "./augment.ts";
import { CLASSES, SIDE } from "./model.ts";

/** @throws ImagesError where there are no images, or they are of another size, or one has no label from 0 to 9 */
export function requireDigits({ name, labels, count, height, width }: LabeledImages): void {
  const require = (isRight: boolean, what: string, expected: string, found: string) => {
    if (!isRight) throw new ImagesError(`The ${what} of ${name}`, expected, found);
  };
  require(count > 0, "images", "at least one", "none");
  const isFitting = height === SIDE && width === SIDE;
  require(isFitting, "images", `${SIDE} x ${SIDE} pixels`, `${height} x ${width}; resize them`);
  require(labels.length === count, "labels", `${count}, one for each image`, String(labels.length));
  const wrong = labels.findIndex((label) => !(label >= 0 && label < CLASSES));
  const digits = `digits from 0 to ${CLASSES - 1}`;
  require(wrong === -1, "labels", digits, `${labels[wrong]} for image ${wrong}`);
}

export interface ImageFeed {
  /** Batches in a pass over the images. */
  batchesPerEpoch: number;
  /** Positions of the n-th batch's images, [b]. */
  indices(n: number): Int32Array;
  /** Its images as the network takes them, augmented anew for each n: flat, [b, 28, 28, 3], in [-1, 1]. */
  pixels(n: number): Float32Array;
}

/**
 * Shuffled batches, each a function of the generator's seed and its number alone.
 *
 * @throws ImagesError where the images fill no batch, or are of another size than 28 x 28
 */
export function imageFeed(
  images: ImageArray,
  batchSize: number,
  augmentation: Augmentation,
  generator: Generator,
): ImageFeed {
  requireImages(images, { height: SIDE, width: SIDE }, batchSize);
  const indices = shuffledBatches(images.count, batchSize, generator.split("order"));
  return {
    batchesPerEpoch: Math.floor(images.count / batchSize),
    indices,
    pixels(n) {
      const bytes = gatherImages(images, indices(n), () => false);
      return augment(bytes, generator.split("augmentation").split(n), augmentation);
    },
  };
}
