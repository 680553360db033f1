/** From a network's range, [-1, 1], to the pixels of images. */

import type { Image, Size } from "@touchstone/datasets";
import { NotFiniteError } from "./errors.ts";

/**
 * The images in `values` [b, height, width, 3]: 255 (v + 1) / 2 to the nearest integer, halves upwards, and clamped, which is what
 * torchvision.utils.save_image does with `normalize=True, value_range=(-1, 1)`.
 *
 * @throws NotFiniteError for NaN and infinities
 */
export function toImages(values: Float32Array, { height, width }: Size): Image[] {
  const size = height * width * 3;
  const data = Uint8Array.from(values, (v, i) => {
    if (!Number.isFinite(v)) throw new NotFiniteError(`Image ${Math.floor(i / size)} of a batch`, v);
    return Math.floor(Math.min(Math.max(127.5 * (v + 1), 0), 255) + 0.5);
  });
  return Array.from({ length: data.length / size }, (_, i) => ({
    height,
    width,
    channels: 3,
    data: data.subarray(i * size, (i + 1) * size),
  }));
}
