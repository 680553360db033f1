/** The recipe of a DCGAN: its hyper-parameters, and what each step is fed. */

import type * as tf from "@tensorflow/tfjs";
import type { ImageArray } from "@touchstone/datasets";
import { jit } from "@touchstone/jit";
import { OptionError } from "@touchstone/nn";
import type { Training } from "@touchstone/training";
import { readMetrics } from "../read-metrics.ts";
import { requireCount } from "../require-count.ts";
import { unpackImages, unpackNoise } from "./feeds.ts";
import { discriminatorSpecs, type GeneratorOptions, generatorSpecs } from "./model.ts";
import { copyOf, newNetwork, paramsOf } from "./network.ts";
import type { GanOptions } from "./options.ts";
import { setUp } from "./set-up.ts";
import { type DcganState, dcganStep } from "./step.ts";

export interface DcganOptions extends GanOptions {
  /** Steps of the discriminator for each of the generator. Default 1, as in the paper. */
  discriminatorSteps?: number;
  /** Real images count as real by 1 minus this much, so that the discriminator is never sure (Salimans et al. 2016, section 3.4). Default 0. */
  labelSmoothing?: number;
}

/**
 * Section 4 of the paper: batches of 128, and Adam with a mean over two gradients instead of ten, as otherwise the training oscillates.
 * 100 epochs of 8,000 faces are 6,200 steps.
 */
export const DCGAN_DEFAULTS = { batchSize: 128, learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epochs: 100 };

/** Both networks' parameters, by the names in their checkpoints. */
export const dcganSpecs = (options: GeneratorOptions = {}) => ({
  generator: generatorSpecs(options),
  discriminator: discriminatorSpecs(options),
});

/**
 * Trains on 64 x 64 images. Each of `steps` is a step of the generator, with as many of the discriminator before it as the options say.
 *
 * @throws ImagesError, OptionError, InvalidSeedError
 */
export function dcganTraining(images: ImageArray, options: DcganOptions = {}): Training<DcganState> {
  const { discriminatorSteps = 1, labelSmoothing = 0 } = options;
  requireCount("discriminatorSteps", discriminatorSteps);
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new OptionError("labelSmoothing", "a number in [0, 1)", labelSmoothing);
  }
  const { root, feed, sizes, engine, ...gan } = setUp(images, options, DCGAN_DEFAULTS);
  const recipe = { ...gan, labelSmoothing };
  const specs = dcganSpecs(sizes);
  const run = jit(
    (state: DcganState, batches: { real: tf.Tensor; z: tf.Tensor }[], averageDecay: tf.Tensor) => {
      const unpacked = batches.map(({ real, z }) => ({
        real: unpackImages(real),
        z: unpackNoise(z, sizes.latent),
      }));
      return dcganStep(state, unpacked, averageDecay, recipe);
    },
    engine,
  );
  const stepsPerEpoch = Math.ceil(feed.batchesPerEpoch / discriminatorSteps);

  return {
    name: "dcgan",
    settings: { ...gan.settings, discriminatorSteps, labelSmoothing },
    isOpenEnded: true,
    steps: gan.epochs * stepsPerEpoch,
    stepsPerEpoch,
    imagesPerStep: discriminatorSteps * gan.batchSize,
    initial() {
      const generator = newNetwork(specs.generator, root.split("generator"), recipe);
      const discriminator = newNetwork(specs.discriminator, root.split("discriminator"), recipe);
      return { generator, discriminator, average: copyOf(paramsOf(generator)) };
    },
    async step(state, step) {
      const batches = Array.from({ length: discriminatorSteps }, (_, i) => {
        const n = step * discriminatorSteps + i;
        return { real: feed.real(n), z: feed.noise(n) };
      });
      const next = await run(state, batches, Float32Array.of(gan.averageDecay(step)));
      return { state: next.state, metrics: await readMetrics({ ...next.metrics }) };
    },
    ...gan.epochEnds,
  };
}
