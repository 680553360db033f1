/** What each training step is fed: a function of the seed and the step alone, so that training can resume anywhere. */

import { type LabeledImages, UNLABELED } from "@touchstone/datasets";
import type { Generator } from "@touchstone/nn";
import { ImagesError } from "../images/errors.ts";
import { fingerprint } from "../images/fingerprint.ts";
import { gatherImages, requireImages, shuffledBatches } from "../images/training-batches.ts";
import { requireCount } from "../require-count.ts";
import { CLASSES } from "./embedding.ts";
import { alphaBarOf, type Betas } from "./schedule.ts";
import { SIDE } from "./unet.ts";

export interface FeedOptions {
  batchSize: number;
  /** How often a label becomes UNLABELED. */
  labelDropout: number;
  levels: number;
  betas: Betas;
}

export interface Feeds {
  /** Which images those of the first epoch are. */
  images: string;
  batchesPerEpoch: number;
  batch(step: number): {
    /** 0 ... 255, [b 28 28 3] */
    pixels: Uint8Array;
    /** [b 28 28 3] */
    noise: Float32Array;
    /** PyTorch's t, [b] */
    times: Float32Array;
    /** sqrt(alphaBar), [b] */
    signal: Float32Array;
    /** sqrt(1 - alphaBar), [b] */
    sigma: Float32Array;
    /** 0 ... 9 or UNLABELED, [b] */
    labels: Int32Array;
  };
}

/** @throws ImagesError, OptionError */
export function diffusionFeeds(
  data: LabeledImages | ((epoch: number) => LabeledImages),
  generator: Generator,
  { batchSize, labelDropout, levels, betas }: FeedOptions,
): Feeds {
  requireCount("batchSize", batchSize);
  const alphaBar = alphaBarOf({ levels, betas });
  const imagesOf = lastKept((epoch: number) => {
    const images = typeof data === "function" ? data(epoch) : data;
    requireDigits(images, batchSize);
    return images;
  });
  const first = imagesOf(0);
  const { count } = first;
  const batchesPerEpoch = Math.floor(count / batchSize);
  const indices = shuffledBatches(count, batchSize, generator.split("order"));

  return {
    images: fingerprint(first, first.labels),
    batchesPerEpoch,
    batch(step) {
      const epoch = Math.floor(step / batchesPerEpoch);
      const images = imagesOf(epoch);
      if (images.count !== count) {
        throw new ImagesError(
          `The images of epoch ${epoch}`,
          `${count} as in the first`,
          String(images.count),
        );
      }
      const chosen = indices(step);
      const draws = generator.split("batch").split(step);
      // Image i's level is uniform in the i-th of b equal parts. Images are shuffled, so each still meets every level alike, and the loss of a
      // batch depends less on which levels were drawn (Kingma et al. 2021, "Variational Diffusion Models", appendix I.1, has the idea).
      const drawn = draws
        .split("levels")
        .uniform(batchSize)
        .map((u, i) => Math.min(1 + Math.floor((levels * (i + u)) / batchSize), levels)); // 1 ... T
      const at = (f: (alphaBar: number) => number) =>
        Float32Array.from(drawn, (level) => f(alphaBar[level]!));
      const coins = draws.split("labels").uniform(batchSize);
      return {
        pixels: gatherImages(images, chosen, () => false),
        noise: draws.split("noise").normal(batchSize * SIDE * SIDE * 3),
        times: Float32Array.from(drawn, (level) => level - 1),
        signal: at(Math.sqrt),
        sigma: at((a) => Math.sqrt(1 - a)),
        labels: chosen.map((index, i) => (coins[i]! < labelDropout ? UNLABELED : images.labels[index]!)),
      };
    },
  };
}

function requireDigits(images: LabeledImages, batchSize: number): void {
  requireImages(images, { height: SIDE, width: SIDE }, batchSize);
  const { labels, count } = images;
  if (labels.length !== count) {
    throw new ImagesError(
      `${images.name}: the labels`,
      `${count}, one for each image`,
      String(labels.length),
    );
  }
  const wrong = labels.find((label) => label !== UNLABELED && !(label >= 0 && label < CLASSES));
  if (wrong !== undefined) {
    throw new ImagesError(`${images.name}: the labels`, "digits 0 ... 9", String(wrong));
  }
}

/** `f`, whose last result is kept: steps of one epoch ask for the same. */
function lastKept<T>(f: (key: number) => T): (key: number) => T {
  let last: { key: number; value: T } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, value: f(key) };
    return last.value;
  };
}
