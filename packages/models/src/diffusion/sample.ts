/** Images of digits from a trained network. */

import type { Work } from "@touchstone/cli";
import type { Image } from "@touchstone/datasets";
import { toImages } from "../images/pixels.ts";
import { requireCount } from "../require-count.ts";
import { CLASSES } from "./embedding.ts";
import type { DiffusionModel } from "./model.ts";
import { denoiserOf, noiseFor, type SamplingOptions, wishFor } from "./sampling.ts";
import { SIDE } from "./unet.ts";

export interface SampleDigitsOptions extends SamplingOptions {
  /** Images of each digit. Default 100. */
  perDigit?: number;
  /** Which digits. Default all ten. */
  digits?: readonly number[];
  /** Images computed at a time, however many are wanted. Default 20; a GPU has room for more. */
  batchSize?: number;
}

export interface DigitImage extends Image {
  /** `3_017.png`: the 17th three. */
  name: string;
}

const DIGITS = Array.from({ length: CLASSES }, (_, digit) => digit);

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
  { perDigit = 100, digits = DIGITS, batchSize = 20, seed = 0, ...options }: SampleDigitsOptions = {},
): Work<DigitImage[]> {
  requireCount("perDigit", perDigit);
  const wishes = digits.flatMap((digit) => Array.from({ length: perDigit }, (_, i) => wishFor(digit, i + 1)));
  const { loop, levels } = await denoiserOf(model, options, batchSize);
  const steps = levels.length - 1;
  const images: DigitImage[] = [];
  let done = 0;
  try {
    for (let start = 0; start < wishes.length; start += batchSize) {
      const batch = wishes.slice(start, start + batchSize);
      const labels = Int32Array.from({ length: batchSize }, (_, i) => batch[i]?.digit ?? 0);
      for await (const { level, x } of loop.run(labels, noiseFor(batch, seed, batchSize))) {
        if (level === 0) {
          const made = toImages((await x.data()) as Float32Array, { height: SIDE, width: SIDE });
          images.push(...batch.map(({ name }, i) => ({ ...made[i]!, name: `${name}.png` })));
        }
        if (level < model.levels) {
          yield {
            label: "sampling digits",
            done: ++done,
            total: steps * Math.ceil(wishes.length / batchSize),
            unit: "steps",
            details: { images: `${images.length}/${wishes.length}` },
          };
        }
      }
    }
  } finally {
    await loop.dispose();
  }
  return images;
}
