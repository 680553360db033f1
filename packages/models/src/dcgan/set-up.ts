/** What the recipes of DCGAN and WGAN-GP make of their options. */

import type { ImageArray } from "@touchstone/datasets";
import type { JitOptions } from "@touchstone/jit";
import { adam, type Generator, generatorFromSeed, OptionError, warmedUpDecay } from "@touchstone/nn";
import type { Training } from "@touchstone/training";
import { fingerprint } from "../images/fingerprint.ts";
import { requireCount } from "../require-count.ts";
import { afterEpoch } from "./after-epoch.ts";
import { type Feeds, feeds } from "./feeds.ts";
import { type GeneratorOptions, LATENT, WIDTH } from "./model.ts";
import type { Optimization } from "./network.ts";
import { AVERAGE_DECAY, type GanOptions } from "./options.ts";

type Defaults = Required<Pick<GanOptions, "batchSize" | "learningRate" | "beta1" | "beta2" | "epochs">>;

export interface SetUp extends Optimization {
  root: Generator;
  feed: Feeds;
  sizes: Required<GeneratorOptions>;
  batchSize: number;
  epochs: number;
  /** What all of this is told by when a training is resumed. Its length is no part of it: no step depends on that. */
  settings: Training<never>["settings"];
  /** By step. */
  averageDecay: (step: number) => number;
  engine: JitOptions;
  /** The part of the recipe that writes previews and keeps generators, if it is to do so. */
  epochEnds: { epochEnd?: ReturnType<typeof afterEpoch> };
}

/** @throws ImagesError, OptionError, InvalidSeedError */
export function setUp(images: ImageArray, options: GanOptions, defaults: Defaults): SetUp {
  const { batchSize, learningRate, beta1, beta2, epochs } = { ...defaults, ...options };
  const { seed = 0, latent = LATENT, width = WIDTH, flip = true, averageDecay = AVERAGE_DECAY } = options;
  const { previews, kept, engine = {} } = options;
  requireCount("epochs", epochs);
  if (kept) requireCount("kept.every", kept.every);
  if (!(learningRate > 0 && learningRate < Number.POSITIVE_INFINITY)) {
    throw new OptionError("learningRate", "a finite number above 0", learningRate);
  }
  const root = generatorFromSeed(seed);
  return {
    root,
    feed: feeds(images, root, { batchSize, latent, flip }),
    sizes: { latent, width },
    batchSize,
    epochs,
    optimizer: adam({ beta1, beta2 }),
    learningRate,
    settings: {
      images: fingerprint(images),
      ...{ seed, batchSize, learningRate, beta1, beta2, latent, width, flip, averageDecay },
    },
    averageDecay: warmedUpDecay(averageDecay),
    engine,
    epochEnds: previews === undefined && !kept ? {} : { epochEnd: afterEpoch(options, { seed, engine }) },
  };
}
