/** Parts of an image. */

import type { Image, Size } from "../types.ts";

/** The pixels of `size` whose top left corner is at (`top`, `left`), written to `out` from `at` on. */
export function copyCrop(
  image: Image,
  top: number,
  left: number,
  size: Size,
  out: Uint8Array,
  at: number,
): void {
  const length = size.width * 3;
  for (let row = 0; row < size.height; row++) {
    const start = ((top + row) * image.width + left) * 3;
    out.set(image.data.subarray(start, start + length), at + row * length);
  }
}

/** torchvision's `CenterCrop`: where the margins differ, the rounded half of both is above and to the left. */
export function cropCenter(image: Image, size: Size): Image {
  const data = new Uint8Array(size.height * size.width * 3);
  const top = roundHalfToEven((image.height - size.height) / 2);
  const left = roundHalfToEven((image.width - size.width) / 2);
  copyCrop(image, top, left, size, data, 0);
  return { ...size, channels: 3, data };
}

/** Python's `round`. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
