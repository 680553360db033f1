/** The recipe of a WGAN-GP: its hyper-parameters, and what each step is fed. */

import type * as tf from "@tensorflow/tfjs";
import type { ImageArray } from "@touchstone/datasets";
import { jit } from "@touchstone/jit";
import { OptionError } from "@touchstone/nn";
import type { Training } from "@touchstone/training";
import { unpackImages, unpackNoise } from "../dcgan/feeds.ts";
import { type GeneratorOptions, generatorSpecs } from "../dcgan/model.ts";
import { copyOf, newNetwork, paramsOf } from "../dcgan/network.ts";
import type { GanOptions } from "../dcgan/options.ts";
import { setUp } from "../dcgan/set-up.ts";
import { readMetrics } from "../read-metrics.ts";
import { requireCount } from "../require-count.ts";
import { criticSpecs } from "./model.ts";
import { type WganGpState, wganGpStep } from "./step.ts";

export interface WganGpOptions extends GanOptions {
  /** Steps of the critic for each of the generator. Default 5, as in the paper. */
  criticSteps?: number;
  /**
   * Default the learning rate. With one of its own, higher than the generator's, one step of the critic for each of the generator is enough:
   * a fraction of the time (Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule", section 3: 3e-4 against 1e-4).
   */
  criticLearningRate?: number;
  /** The gradient penalty's weight, lambda. Default 10, as in the paper. */
  penaltyWeight?: number;
}

/**
 * Algorithm 1 of the paper. Adam has no mean of past gradients: those point to where a critic was that has changed since.
 * 300 epochs of 8,000 faces are 7,500 steps.
 */
export const WGAN_GP_DEFAULTS = { batchSize: 64, learningRate: 1e-4, beta1: 0, beta2: 0.9, epochs: 300 };

/** Both networks' parameters, by the names in their checkpoints. */
export const wganGpSpecs = (options: GeneratorOptions = {}) => ({
  generator: generatorSpecs(options),
  critic: criticSpecs(options),
});

/**
 * Trains on 64 x 64 images. Each of `steps` is a step of the generator, with as many of the critic before it as the options say.
 *
 * @throws ImagesError, OptionError, InvalidSeedError
 */
export function wganGpTraining(images: ImageArray, options: WganGpOptions = {}): Training<WganGpState> {
  const { criticSteps = 5, penaltyWeight = 10 } = options;
  requireCount("criticSteps", criticSteps);
  if (!(penaltyWeight >= 0 && penaltyWeight < Number.POSITIVE_INFINITY)) {
    throw new OptionError("penaltyWeight", "a finite number, 0 or more", penaltyWeight);
  }
  const { root, feed, sizes, engine, ...gan } = setUp(images, options, WGAN_GP_DEFAULTS);
  const { criticLearningRate = gan.learningRate } = options;
  if (!(criticLearningRate > 0 && criticLearningRate < Number.POSITIVE_INFINITY)) {
    throw new OptionError("criticLearningRate", "a finite number above 0", criticLearningRate);
  }
  const recipe = { ...gan, penaltyWeight, criticLearningRate };
  const specs = wganGpSpecs(sizes);
  const run = jit((state: WganGpState, batches: FlatBatch[], z: tf.Tensor, averageDecay: tf.Tensor) => {
    const unpacked = batches.map(({ real, z, mix }) => ({
      real: unpackImages(real),
      z: unpackNoise(z, sizes.latent),
      mix,
    }));
    return wganGpStep(state, unpacked, unpackNoise(z, sizes.latent), averageDecay, recipe);
  }, engine);
  const stepsPerEpoch = Math.ceil(feed.batchesPerEpoch / criticSteps);

  return {
    name: "wgan-gp",
    settings: { ...gan.settings, criticSteps, criticLearningRate, penaltyWeight },
    isOpenEnded: true,
    steps: gan.epochs * stepsPerEpoch,
    stepsPerEpoch,
    imagesPerStep: criticSteps * gan.batchSize,
    initial() {
      const generator = newNetwork(specs.generator, root.split("generator"), recipe);
      const critic = newNetwork(specs.critic, root.split("critic"), recipe);
      return { generator, critic, average: copyOf(paramsOf(generator)) };
    },
    async step(state, step) {
      // The critic's noise, step after step, then the generator's.
      const first = step * (criticSteps + 1);
      const batches = Array.from({ length: criticSteps }, (_, i) => {
        const n = step * criticSteps + i;
        const mix = root.split("mix").split(n).uniform(gan.batchSize);
        return { real: feed.real(n), z: feed.noise(first + i), mix };
      });
      const z = feed.noise(first + criticSteps);
      const next = await run(state, batches, z, Float32Array.of(gan.averageDecay(step)));
      return { state: next.state, metrics: await readMetrics({ ...next.metrics }) };
    },
    ...gan.epochEnds,
  };
}

/** As it is fed. */
interface FlatBatch {
  real: tf.Tensor;
  z: tf.Tensor;
  mix: tf.Tensor1D;
}
