/** The reverse process of one sample: how an image comes out of noise. */

import type { Work } from "@touchstone/cli";
import type { Image } from "@touchstone/datasets";
import { OptionError } from "@touchstone/nn";
import { grid } from "../images/grid.ts";
import { toImages } from "../images/pixels.ts";
import type { DiffusionModel } from "./model.ts";
import { denoiserOf, noiseFor, type SamplingOptions, wishFor } from "./sampling.ts";
import { SIDE } from "./unet.ts";

export interface StripOptions extends SamplingOptions {
  digit: number;
  /** Which of the digit's images: 17 is `3_017.png`. Default 1. */
  number?: number;
  /** The levels of noise to show, from 0 (the image) to T (nothing but noise); or how many, spread from 0 to T. Default: six. */
  times?: readonly number[] | number;
}

/**
 * One image at these levels of noise, in the order of `times`: the image that `sampleDigits` makes with the same options, up to rounding.
 *
 * @throws OptionError, also for a level that the sampler's steps do not pass; and as `sampleDigits`
 */
export async function* reverseSteps(
  model: DiffusionModel,
  { digit, number = 1, times = 6, seed = 0, ...options }: StripOptions,
): Work<{ t: number; image: Image }[]> {
  const wish = wishFor(digit, number);
  const { loop, levels } = await denoiserOf(model, options, 1);
  const shown = typeof times === "number" ? spread(times, levels) : times;
  const images = new Map<number, Image>();
  try {
    const stray = shown.find((time) => !levels.includes(time));
    if (stray !== undefined)
      throw new OptionError("times", `levels that are passed: ${listed(levels)}`, stray);
    for await (const { level, x } of loop.run(Int32Array.of(digit), noiseFor([wish], seed, 1))) {
      if (shown.includes(level)) {
        const [image] = toImages((await x.data()) as Float32Array, { height: SIDE, width: SIDE });
        images.set(level, image!);
      }
      const done = levels.indexOf(level);
      yield { label: "reverse process", done, total: levels.length - 1, unit: "steps" };
    }
  } finally {
    await loop.dispose();
  }
  return shown.map((t) => ({ t, image: images.get(t)! }));
}

/** The images of `reverseSteps` side by side. @throws as it does */
export async function* reverseProcess(model: DiffusionModel, options: StripOptions): Work<Image> {
  const steps = yield* reverseSteps(model, options);
  return grid(
    steps.map(({ image }) => image),
    { columns: steps.length },
  );
}

/** As near to evenly spaced as the steps are. */
function spread(count: number, levels: readonly number[]): number[] {
  if (!(Number.isInteger(count) && count >= 2))
    throw new OptionError("times", "levels, or how many: 2 or more", count);
  const T = levels[0]!;
  return Array.from({ length: count }, (_, i) => nearest(levels, (i / (count - 1)) * T));
}

function nearest(levels: readonly number[], time: number): number {
  return levels.reduce((best, level) => (Math.abs(level - time) < Math.abs(best - time) ? level : best));
}

function listed(levels: readonly number[]): string {
  const few = levels.length <= 12 ? levels : [...levels.slice(0, 6), "...", ...levels.slice(-2)];
  return few.join(", ");
}
