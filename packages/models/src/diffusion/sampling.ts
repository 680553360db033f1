/** What a wish for samples means: the options, checked, as a denoising loop for the model, and each image's noise. */

import * as tf from "@tensorflow/tfjs";
import type { JitOptions } from "@touchstone/jit";
import { generatorFromSeed, OptionError } from "@touchstone/nn";
import { onHost } from "../on-host.ts";
import { requireCount } from "../require-count.ts";
import { type Denoiser, denoiser } from "./denoise.ts";
import { CLASSES } from "./embedding.ts";
import { GuidanceError } from "./errors.ts";
import type { DiffusionModel } from "./model.ts";
import { type SamplerName, samplerNamed } from "./samplers/index.ts";
import { alphaBarOf, levelsPassed } from "./schedule.ts";
import { SIDE, unet } from "./unet.ts";

export interface SamplingOptions {
  /** Default 0. */
  seed?: number | string;
  /** Default "dpm-solver", which needs the fewest steps. */
  sampler?: SamplerName;
  /** 1 ... T. Default 20 with dpm-solver, 50 with ddim, and all levels with ddpm. */
  steps?: number;
  /** With ddim: how much noise each step adds, in [0, 1]. Default 0. */
  eta?: number;
  /**
   * How far beyond the unlabelled prediction, 0 or more: 1 is the labelled prediction itself, and half the work. Default GUIDANCE, and 1 for
   * a network that is not known to have been trained with label dropout.
   */
  guidance?: number;
  /** Where the steps run. */
  engine?: JitOptions;
}

const DEFAULT_STEPS: Record<SamplerName, number> = {
  "dpm-solver": 20,
  ddim: 50,
  ddpm: Number.POSITIVE_INFINITY,
};

/** Digits are read better the further they are guided, and vary less: the card of the shipped weights has the table. */
export const GUIDANCE = 4;

/** Numbers in an image. */
const SIZE = SIDE * SIDE * 3;

/** How many steps these options mean for a network of T levels. @throws UnknownSamplerError */
export function samplingSteps({ sampler = "dpm-solver", steps }: SamplingOptions, T: number): number {
  samplerNamed(sampler);
  return steps ?? Math.min(T, DEFAULT_STEPS[sampler]);
}

/** The guidance that these options mean for this model. */
export function samplingGuidance(
  { guidance }: { guidance?: number | undefined },
  { labelDropout }: Pick<DiffusionModel, "labelDropout">,
): number {
  return guidance ?? (labelDropout ? GUIDANCE : 1);
}

/**
 * The loop for batches of this size, and the levels that it passes, from T to 0. The parameters become part of the compiled function.
 *
 * @throws OptionError, UnknownSamplerError, GuidanceError
 */
export async function denoiserOf(
  { params, levels: T, betas, prediction, labelDropout }: DiffusionModel,
  { sampler: name = "dpm-solver", guidance: wanted, eta, engine, ...rest }: SamplingOptions,
  batchSize: number,
): Promise<{ loop: Denoiser; levels: number[] }> {
  const guidance = samplingGuidance({ guidance: wanted }, { labelDropout });
  const sampler = samplerNamed(name);
  const steps = samplingSteps({ sampler: name, ...rest }, T);
  if (!(guidance >= 0 && guidance < Number.POSITIVE_INFINITY)) {
    throw new OptionError("guidance", "a finite number, 0 or more", guidance);
  }
  if (guidance !== 1 && !labelDropout) throw new GuidanceError(guidance, labelDropout);
  if (eta !== undefined && name !== "ddim") {
    throw new OptionError("eta", `none with the sampler ${name}: only ddim has it`, eta);
  }
  requireCount("batchSize", batchSize);
  const alphaBar = alphaBarOf({ levels: T, betas });
  const levels = levelsPassed(T, steps);
  const updates = sampler(alphaBar, levels, eta === undefined ? {} : { eta });
  const weights = await onHost(params);
  const loop = denoiser((x, times, labels) => unet(weights, x, times, labels), {
    alphaBar,
    updates,
    prediction,
    shape: [batchSize, SIDE, SIDE, 3],
    guidance,
    // As Ho et al. do: what lies outside of pixels' range is an error of the network.
    clip: true,
    ...(engine ? { engine } : {}),
  });
  const dispose = async () => {
    tf.dispose(weights);
    await loop.dispose();
  };
  return { loop: { ...loop, dispose }, levels };
}

/** The k-th image of a digit, from 1; its name is that of its file without `.png`: `3_017`. */
export interface Wish {
  digit: number;
  name: string;
}

/** @throws OptionError */
export function wishFor(digit: number, number: number): Wish {
  if (!Number.isInteger(digit) || digit < 0 || digit >= CLASSES) {
    throw new OptionError("digit", "one of 0 ... 9", digit);
  }
  requireCount("number", number);
  return { digit, name: `${digit}_${String(number).padStart(3, "0")}` };
}

/**
 * The noise of a batch, by draw: that of each image is a function of the seed, its name and the draw alone. What the batch has room for
 * beyond the wishes is zeros.
 */
export function noiseFor(
  wishes: readonly Wish[],
  seed: number | string,
  batchSize: number,
): (draw: number) => Float32Array {
  const generators = wishes.map(({ name }) => generatorFromSeed(seed).split(name));
  return (draw) => {
    const noise = new Float32Array(batchSize * SIZE);
    generators.forEach((generator, i) => {
      noise.set(generator.split(draw).normal(SIZE), i * SIZE);
    });
    return noise;
  };
}
