/** The options that the recipes of DCGAN and WGAN-GP have in common. */

import type { JitOptions } from "@touchstone/jit";
import type { GeneratorOptions } from "./model.ts";

/** Where no default is named, it is in the recipe's DCGAN_DEFAULTS or WGAN_GP_DEFAULTS. */
export interface GanOptions extends GeneratorOptions {
  /** Default 0. */
  seed?: number | string;
  /** Passes over the images. */
  epochs?: number;
  /** Real images in a step of the discriminator (or critic), and noise vectors in one of the generator. */
  batchSize?: number;
  learningRate?: number;
  /** Adam's decay of the mean gradient. */
  beta1?: number;
  /** Adam's decay of the mean square. */
  beta2?: number;
  /** Half of the images, drawn anew for each batch, are flipped left to right. Default true: a mirrored face is a face. */
  flip?: boolean;
  /** Decay of the moving average of the generator; 0 is the generator itself. Default AVERAGE_DECAY. */
  averageDecay?: number;
  /** A folder for a picture of 64 images of the average, from the same noise after each epoch. Without it there are none. */
  previews?: string;
  /** A folder for the average of every so many epochs: the last epoch of a GAN need not be its best. Without it none is kept. */
  kept?: { folder: string; every: number };
  /** Where the steps run. */
  engine?: JitOptions;
}

/**
 * About the last thousand steps. Generator and discriminator circle around their equilibrium; the average of the generators is nearer to it,
 * and has the lower FID (Yazici et al. 2019, "The unusual effectiveness of averaging in GAN training").
 */
export const AVERAGE_DECAY = 0.999;
