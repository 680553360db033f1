/** What the networks of this package look at: uint8 RGB images of any size. */

import { InvalidImageError } from "../errors.ts";

export interface RgbImage {
  height: number;
  width: number;
  /** `[height, width, 3]`, 0 to 255. */
  data: Uint8Array;
}

/** @throws InvalidImageError naming the first image that is none by its position */
export function requireImages(images: readonly RgbImage[]): void {
  images.forEach(({ height, width, data }, position) => {
    if (![height, width].every((side) => Number.isSafeInteger(side) && side > 0)) {
      const expected = "whole numbers of at least 1 as height and width";
      throw new InvalidImageError(position, expected, `${height} x ${width}`);
    }
    if (!(data instanceof Uint8Array)) {
      throw new InvalidImageError(position, "its pixels as a Uint8Array", typeof data);
    }
    const bytes = height * width * 3;
    if (data.length !== bytes) {
      throw new InvalidImageError(position, `${height} x ${width} x 3 = ${bytes} bytes`, `${data.length}`);
    }
  });
}
