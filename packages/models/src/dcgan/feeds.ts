/** What goes into a compiled training step and what comes out of it beside the state. */

import * as tf from "@tensorflow/tfjs";
import type { ImageArray } from "@touchstone/datasets";
import type { Generator } from "@touchstone/nn";
import { gatherImages, requireImages, shuffledBatches } from "../images/training-batches.ts";
import { requireCount } from "../require-count.ts";
import { SIDE } from "./model.ts";

export interface Feeds {
  /** Batches in a pass over the images. */
  batchesPerEpoch: number;
  /** The n-th batch of real images, flat. */
  real(n: number): Uint8Array;
  /** The n-th batch of noise, flat. */
  noise(n: number): Float32Array;
}

/**
 * Batches by number: each is a function of the generator's seed and the number alone.
 *
 * @throws ImagesError, OptionError
 */
export function feeds(
  images: ImageArray,
  generator: Generator,
  { batchSize, latent, flip }: { batchSize: number; latent: number; flip: boolean },
): Feeds {
  requireCount("batchSize", batchSize, 2); // Batch normalisation has no variance to divide by in a batch of one.
  requireImages(images, { height: SIDE, width: SIDE }, batchSize);
  const indices = shuffledBatches(images.count, batchSize, generator.split("order"));
  return {
    batchesPerEpoch: Math.floor(images.count / batchSize),
    real(n) {
      const coins = generator.split("flip").split(n).uniform(batchSize);
      return gatherImages(images, indices(n), (i) => flip && coins[i]! < 0.5);
    },
    noise: (n) =>
      generator
        .split("noise")
        .split(n)
        .normal(batchSize * latent),
  };
}

/** A flat batch of pixels, 0 to 255, as images in [-1, 1], [b, 64, 64, 3]. */
export function unpackImages(pixels: tf.Tensor): tf.Tensor4D {
  const images = tf.reshape(tf.cast(pixels, "float32"), [-1, SIDE, SIDE, 3]); // [b, 64, 64, 3]
  return tf.sub<tf.Tensor4D>(tf.mul(images, 2 / 255), 1);
}

/** A flat batch of noise as vectors, [b, latent]. */
export function unpackNoise(z: tf.Tensor, latent: number): tf.Tensor2D {
  return tf.reshape(z, [-1, latent]);
}
