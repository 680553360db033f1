/** The recipe of the diffusion model: its hyper-parameters, and what each step is fed. */

import * as tf from "@tensorflow/tfjs";
import type { LabeledImages } from "@touchstone/datasets";
import { type JitOptions, jit } from "@touchstone/jit";
import {
  adamW,
  cosine,
  generatorFromSeed,
  initialize,
  mapParams,
  OptionError,
  warmedUpDecay,
  warmUp,
} from "@touchstone/nn";
import type { Training } from "@touchstone/training";
import { requireCount } from "../require-count.ts";
import { diffusionFeeds } from "./feeds.ts";
import { type Prediction, requirePrediction } from "./prediction.ts";
import { previewing } from "./preview.ts";
import { LEVELS, type ScheduleOptions } from "./schedule.ts";
import { type DiffusionState, diffusionStep } from "./step.ts";
import { SIDE } from "./unet.ts";
import { type UnetOptions, unetSpecs, WIDTH } from "./unet-specs.ts";

export interface DiffusionOptions extends UnetOptions, ScheduleOptions {
  /** Default 0. */
  seed?: number | string;
  /** Passes over the images. Default 30. */
  epochs?: number;
  /** Images in a step. Default 128. */
  batchSize?: number;
  /** Of AdamW: its highest, after a warm-up over the first 5 % of the steps; half a cosine down to 0 from there. Default 3e-4. */
  learningRate?: number;
  /** What the network learns to predict. Default "noise". */
  prediction?: Prediction;
  /** How often the network is not told the label, for guidance. Default 0.1 (Ho and Salimans 2021: 0.1 and 0.2 do equally well). */
  labelDropout?: number;
  /** Decay of the moving average; 0 is the parameters themselves. Default 0.999: about the last thousand steps. */
  averageDecay?: number;
  /** A folder for a picture of 8 images of each digit, from the same noise after each epoch. Without it there are none. */
  previews?: string;
  /** Where the steps run. */
  engine?: JitOptions;
}

/**
 * Trains on 28 x 28 images of digits; those that are UNLABELED are learned without.
 *
 * @param data the images, or those of each epoch, always as many
 * @throws ImagesError, OptionError, InvalidSeedError
 */
export function diffusionTraining(
  data: LabeledImages | ((epoch: number) => LabeledImages),
  options: DiffusionOptions = {},
): Training<DiffusionState> {
  const { seed = 0, epochs = 30, batchSize = 128, learningRate = 3e-4, labelDropout = 0.1 } = options;
  const {
    averageDecay = 0.999,
    levels = LEVELS,
    betas = "linear",
    prediction = "noise",
    engine = {},
    previews,
    width = WIDTH,
  } = options;
  requireCount("epochs", epochs);
  requirePrediction(prediction);
  if (!(labelDropout >= 0 && labelDropout <= 1)) {
    throw new OptionError("labelDropout", "a number in [0, 1]", labelDropout);
  }
  const specs = unetSpecs({ width });
  const root = generatorFromSeed(seed);
  const feeds = diffusionFeeds(data, root, { batchSize, labelDropout, levels, betas });
  const steps = epochs * feeds.batchesPerEpoch;
  const warmUpSteps = Math.ceil(0.05 * steps);
  const rate = warmUp(cosine(learningRate, Math.max(1, steps - warmUpSteps)), warmUpSteps);
  const decay = warmedUpDecay(averageDecay);
  const optimizer = adamW();
  const run = jit((state: DiffusionState, batch: Fed, learning: tf.Tensor, decay: tf.Tensor) => {
    const shape: [number, number, number, number] = [-1, SIDE, SIDE, 3];
    const pixels = tf.reshape(tf.cast(batch.pixels, "float32"), shape); // [b, 28, 28, 3]
    const images: tf.Tensor4D = tf.sub(tf.mul(pixels, 2 / 255), 1);
    const noise: tf.Tensor4D = tf.reshape(batch.noise, shape);
    return diffusionStep(state, { ...batch, images, noise }, { learning, decay }, optimizer, prediction);
  }, engine);

  return {
    name: "diffusion",
    settings: {
      ...{ images: feeds.images, seed, epochs, batchSize, learningRate },
      ...{ width, levels, betas, prediction, labelDropout, averageDecay },
    },
    steps,
    stepsPerEpoch: feeds.batchesPerEpoch,
    imagesPerStep: batchSize,
    initial() {
      const params = initialize(specs, root.split("weights"));
      return { params, moments: optimizer.init(params), average: mapParams(params, (p) => tf.clone(p)) };
    },
    async step(state, step) {
      const result = await run(
        state,
        feeds.batch(step),
        Float32Array.of(rate(step)),
        Float32Array.of(decay(step)),
      );
      const loss = (await result.loss.data())[0]!;
      result.loss.dispose();
      return { state: result.state, metrics: { loss } };
    },
    ...(previews === undefined
      ? {}
      : { epochEnd: previewing(previews, { levels, betas, prediction, labelDropout }, { seed, engine }) }),
  };
}

/** A batch as it is fed: flat. */
type Fed = Record<"times" | "signal" | "sigma" | "labels", tf.Tensor1D> &
  Record<"pixels" | "noise", tf.Tensor>;
