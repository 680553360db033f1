/**
 * Makes MNIST-M: digits that invert the colours of the photograph behind them.
 *
 * Ganin and Lempitsky, "Unsupervised domain adaptation by backpropagation" (2015), section 4.1: |photograph - digit| in each
 * channel. In the set that they published, any ink at all, however pale, is full ink (255): `mnist-m.test.ts` shows it.
 */

import type { Generator } from "@touchstone/nn";
import { InvalidOptionError } from "../errors.ts";
import type { Image, LabeledImages } from "../types.ts";
import { copyCrop } from "./crop.ts";
import type { GrayDigits } from "./digits.ts";

export interface Backgrounds {
  /** What they are, as the name of the set will say it: `photographs: bsds500`. */
  name: string;
  /** Each at least as large as a digit. */
  images: readonly Image[];
}

/**
 * Puts a random crop of a random background behind each digit. The same generator gives the same images;
 * `generator.split(epoch)` gives fresh ones for each epoch.
 *
 * @returns as many images as digits, in their order
 * @throws InvalidOptionError if a background is smaller than a digit
 */
export function composeMnistM(
  digits: GrayDigits,
  backgrounds: Backgrounds,
  generator: Generator,
): LabeledImages {
  const { images: ink, labels, height, width } = digits;
  for (const image of backgrounds.images) {
    if (image.height >= height && image.width >= width) continue;
    const found = `${image.width}x${image.height}`;
    throw new InvalidOptionError("backgrounds", `images of at least ${width}x${height} pixels`, found);
  }
  const count = labels.length;
  const pixels = height * width;
  const which = generator.split("background").integers(count, backgrounds.images.length);
  const tops = generator.split("top").uniform(count);
  const lefts = generator.split("left").uniform(count);

  const images = new Uint8Array(count * pixels * 3);
  for (let i = 0; i < count; i++) {
    const background = backgrounds.images[which[i]!]!;
    const top = Math.floor(tops[i]! * (background.height - height + 1));
    const left = Math.floor(lefts[i]! * (background.width - width + 1));
    copyCrop(background, top, left, { height, width }, images, i * pixels * 3);
  }
  for (let pixel = 0; pixel < ink.length; pixel++) {
    if (ink[pixel] === 0) continue;
    for (let at = 3 * pixel; at < 3 * pixel + 3; at++) images[at] = 255 - images[at]!;
  }
  return { name: `mnist-m (${backgrounds.name})`, images, labels, count, height, width, channels: 3 };
}
