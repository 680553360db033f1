/** Images from a trained generator, as many as wanted. */

import * as tf from "@tensorflow/tfjs";
import type { Image } from "@touchstone/datasets";
import { type JitOptions, jit } from "@touchstone/jit";
import { generatorFromSeed, type Params } from "@touchstone/nn";
import { toImages } from "../images/pixels.ts";
import { onHost } from "../on-host.ts";
import { requireCount } from "../require-count.ts";
import { generate, latentOf, SIDE } from "./model.ts";

/** Images computed at a time, however many are wanted: products summed up in another order would round differently. */
const BATCH = 64;

export interface SampleOptions {
  count: number;
  /** Image i is a function of the seed and i. */
  seed: number | string;
  /** Where the generator runs. */
  engine?: JitOptions;
}

/**
 * The images of a generator in evaluation mode, 64 x 64, one after the other. The same seed gives the same bytes on one kind of device
 * with one number of threads; on others a value may differ by one level.
 *
 * @param params of `generatorSpecs`, of any width and latent dimension; not disposed
 * @throws OptionError, MissingParameterError, ShapeError; NotFiniteError where the parameters are damaged
 */
export async function* sampleDcgan(
  params: Params,
  { count, seed, engine = {} }: SampleOptions,
): AsyncGenerator<Image, void> {
  requireCount("count", count, 0);
  const latent = latentOf(params);
  const generator = generatorFromSeed(seed);
  const weights = await onHost(params);
  const run = jit((z: tf.Tensor1D) => generate(weights, tf.reshape(z, [BATCH, latent])).images, engine);
  try {
    for (let start = 0; start < count; start += BATCH) {
      const z = new Float32Array(BATCH * latent);
      for (let i = 0; i < BATCH; i++) z.set(generator.split(start + i).normal(latent), i * latent);
      const y = await run(z); // [BATCH, 64, 64, 3]
      const images = toImages((await y.data()) as Float32Array, { height: SIDE, width: SIDE });
      y.dispose();
      yield* images.slice(0, count - start);
    }
  } finally {
    tf.dispose(weights);
    await run.dispose();
  }
}
