/**
 * The homework's rule: an image passes if exactly one face is found in it. Its own detector is dlib's HOG, a stand-in for which this is: they
 * agree on rates of real faces more than on single images, and HOG is harder on faces out of shape (`packages/faces/scripts/measure.ts`).
 */

import { NoImagesError } from "../errors.ts";
import type { Face } from "./boxes.ts";

export interface FaceRate {
  /** How many faces were found in each image. */
  counts: number[];
  /** How many images have exactly one. */
  passed: number;
  /** Share of the images that passed, 0 to 1. */
  rate: number;
}

/** @param found what `detect` found in each image  @throws NoImagesError */
export function faceRate(found: readonly Face[][]): FaceRate {
  if (found.length === 0) throw new NoImagesError();
  const counts = found.map((faces) => faces.length);
  const passed = counts.filter((count) => count === 1).length;
  return { counts, passed, rate: passed / counts.length };
}
