/** Images from a trained generator, as many as wanted. */

import * as tf from "@tensorflow/tfjs";
import { type JitOptions, jit } from "@touchstone/jit";
import { generatorFromSeed, type Params } from "@touchstone/nn";
import { toImages } from "../images/pixels.ts";
import type { Sampling } from "../images/sampled.ts";
import { onHost } from "../on-host.ts";
import { requireCount } from "../require-count.ts";
import { generate, latentOf, SIDE } from "./model.ts";

/** Images computed at a time, however many are wanted: products summed up in another order would round differently. */
const BATCH = 64;

export interface SampleOptions {
  count: number;
  /** Image i is a function of the seed and i. */
  seed: number | string;
  /** Which of the names. Batches without any are not computed. Default all. */
  isWanted?: (name: string) => boolean;
  /** Where the generator runs. */
  engine?: JitOptions;
}

/** `00017.png` is image 17, the eighteenth. */
export const faceName = (index: number): string => `${String(index).padStart(5, "0")}.png`;

/**
 * The images of a generator in evaluation mode, 64 x 64, a batch after the other. The same seed gives the same bytes on one kind of device
 * with one number of threads; on others a value may differ by one level.
 *
 * @param params of `generatorSpecs`, of any width and latent dimension; not disposed
 * @throws OptionError, MissingParameterError, ShapeError; NotFiniteError where the parameters are damaged
 */
export async function* sampleDcgan(
  params: Params,
  { count, seed, isWanted = () => true, engine = {} }: SampleOptions,
): Sampling {
  requireCount("count", count, 0);
  const latent = latentOf(params);
  const generator = generatorFromSeed(seed);
  const weights = await onHost(params);
  const run = jit((z: tf.Tensor1D) => generate(weights, tf.reshape(z, [BATCH, latent])).images, engine);
  try {
    const total = range(0, count).filter((i) => isWanted(faceName(i))).length;
    let done = 0;
    for (let start = 0; start < count; start += BATCH) {
      const wanted = range(start, Math.min(start + BATCH, count)).filter((i) => isWanted(faceName(i)));
      if (wanted.length === 0) continue;
      const z = new Float32Array(BATCH * latent);
      for (let i = 0; i < BATCH; i++) z.set(generator.split(start + i).normal(latent), i * latent);
      const y = await run(z); // [BATCH, 64, 64, 3]
      const made = toImages((await y.data()) as Float32Array, { height: SIDE, width: SIDE });
      y.dispose();
      const images = wanted.map((i) => ({ ...made[i - start]!, name: faceName(i) }));
      done += images.length;
      yield { label: "sampling faces", done, total, unit: "images", images };
    }
  } finally {
    tf.dispose(weights);
    await run.dispose();
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
