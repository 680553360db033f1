/** What our own classifier is trained on: MNIST, and photographs (or textures) to put behind its digits. */

import {
  type Backgrounds,
  composeMnistM,
  type GrayDigits,
  mnistDigits,
  proceduralTextures,
  readPhotographs,
} from "@touchstone/datasets";
import type { Generator } from "@touchstone/nn";
import type { RecipeData } from "./recipe.ts";

/** Digits at the end of MNIST's training set that are kept for validation, and one background in so many with them. */
const VALIDATION_DIGITS = 5000;
const VALIDATION_BACKGROUNDS = 10;

/** @param photographs folder of backgrounds; without it, procedural textures */
export async function loadRecipeData(generator: Generator, photographs?: string): Promise<RecipeData> {
  const mnist = await mnistDigits("train");
  const all = photographs
    ? await readPhotographs(photographs)
    : proceduralTextures(generator.split("textures"));
  const split = mnist.labels.length - VALIDATION_DIGITS;
  const part = (keep: (i: number) => boolean): Backgrounds => ({
    ...all,
    images: all.images.filter((_, i) => keep(i)),
  });
  const isHeldOut = (i: number) => i % VALIDATION_BACKGROUNDS === 0;
  const validation = composeMnistM(
    slice(mnist, split, mnist.labels.length),
    part(isHeldOut),
    generator.split("validation"),
  );
  return { digits: slice(mnist, 0, split), backgrounds: part((i) => !isHeldOut(i)), validation };
}

function slice({ images, labels, height, width }: GrayDigits, from: number, to: number): GrayDigits {
  const pixels = height * width;
  return {
    images: images.subarray(from * pixels, to * pixels),
    labels: labels.subarray(from, to),
    height,
    width,
  };
}
