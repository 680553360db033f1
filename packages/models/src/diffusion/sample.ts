/** Images of digits from a trained network. */

import { toImages } from "../images/pixels.ts";
import type { NamedImage, Sampling } from "../images/sampled.ts";
import { requireCount } from "../require-count.ts";
import { CLASSES } from "./embedding.ts";
import type { DiffusionModel } from "./model.ts";
import { denoiserOf, noiseFor, type SamplingOptions, type Wish, wishFor } from "./sampling.ts";
import { SIDE } from "./unet.ts";

export interface SampleDigitsOptions extends SamplingOptions {
  /** Images of each digit. Default 100. */
  perDigit?: number;
  /** Which digits. Default all ten. */
  digits?: readonly number[];
  /** Images computed at a time, however many are wanted. Default 20; a GPU has room for more. */
  batchSize?: number;
  /** Which of the names. Batches without any are not computed. Default all. */
  isWanted?: (name: string) => boolean;
}

const DIGITS = Array.from({ length: CLASSES }, (_, digit) => digit);

/** `3_017.png` is the 17th three. @throws OptionError */
export function digitNames({
  perDigit = 100,
  digits = DIGITS,
}: Pick<SampleDigitsOptions, "perDigit" | "digits">): string[] {
  return wishes(perDigit, digits).map(fileOf);
}

/**
 * `perDigit` images of each digit, 28 x 28, in the order of their names: `0_001.png` ... `9_100.png`.
 *
 * An image is a function of the seed and its name: of one digit alone the images are the same as among all. The same options give the
 * same bytes on one kind of device with one number of threads; on others, or in batches of another size, a value may differ by one level.
 *
 * @throws OptionError, UnknownSamplerError, GuidanceError; NotFiniteError where the parameters are damaged
 */
export async function* sampleDigits(
  model: DiffusionModel,
  { perDigit = 100, digits = DIGITS, isWanted = () => true, ...options }: SampleDigitsOptions = {},
): Sampling {
  const { batchSize = 20, seed = 0, ...sampling } = options;
  const all = wishes(perDigit, digits);
  const { loop, levels } = await denoiserOf(model, sampling, batchSize);
  const isMissing = (wish: Wish) => isWanted(fileOf(wish));
  const batches = Array.from({ length: Math.ceil(all.length / batchSize) }, (_, i) =>
    all.slice(i * batchSize, (i + 1) * batchSize),
  ).filter((batch) => batch.some(isMissing));
  const images = all.filter(isMissing).length;
  let [done, ready] = [0, 0];
  try {
    for (const batch of batches) {
      const labels = Int32Array.from({ length: batchSize }, (_, i) => batch[i]?.digit ?? 0);
      for await (const { level, x } of loop.run(labels, noiseFor(batch, seed, batchSize))) {
        if (level === model.levels) continue;
        const made = level === 0 ? imagesOf((await x.data()) as Float32Array, batch) : [];
        const wanted = made.filter(({ name }) => isWanted(name));
        ready += wanted.length;
        yield {
          label: "sampling digits",
          done: ++done,
          total: (levels.length - 1) * batches.length,
          unit: "steps",
          details: { images: `${ready}/${images}` },
          images: wanted,
        };
      }
    }
  } finally {
    await loop.dispose();
  }
}

function wishes(perDigit: number, digits: readonly number[]): Wish[] {
  requireCount("perDigit", perDigit);
  return digits.flatMap((digit) => Array.from({ length: perDigit }, (_, i) => wishFor(digit, i + 1)));
}

const fileOf = ({ name }: Wish) => `${name}.png`;

function imagesOf(values: Float32Array, batch: readonly Wish[]): NamedImage[] {
  const made = toImages(values, { height: SIDE, width: SIDE });
  return batch.map((wish, i) => ({ ...made[i]!, name: fileOf(wish) }));
}
