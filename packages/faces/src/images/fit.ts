/** Images brought to the size that a network takes, with PIL's bilinear filter. */

import { resizeBilinear, type Size } from "@touchstone/datasets";
import type { RgbImage } from "./rgb-image.ts";

/** The name of `resizeTo` in protocols. */
export const RESIZE = "pil-bilinear";

/** The pixels of `image` at `size`, whatever that does to its shape. */
export function resizeTo({ height, width, data }: RgbImage, size: Size): Uint8Array {
  if (height === size.height && width === size.width) return data;
  return resizeBilinear({ height, width, channels: 3, data }, size).data;
}

/** Where on a square canvas an image lies, in pixels. */
export interface Placement extends Size {
  top: number;
  left: number;
}

/** In the middle of a square of `side`, as large as leaves `border` of its longer side free beyond either end of that. */
export function placeWithin({ height, width }: Size, side: number, border: number): Placement {
  const scale = side / (1 + 2 * border) / Math.max(height, width);
  const placed = {
    height: Math.max(1, Math.round(height * scale)),
    width: Math.max(1, Math.round(width * scale)),
  };
  const before = (length: number) => Math.floor((side - length) / 2);
  return { ...placed, top: before(placed.height), left: before(placed.width) };
}

/** Writes `image`, resized, to its place on a canvas `[side, side, 3]`; the rest of it stays as it is. */
export function drawOnto(canvas: Uint8Array, side: number, image: RgbImage, place: Placement): void {
  const pixels = resizeTo(image, place);
  const length = place.width * 3;
  for (let row = 0; row < place.height; row++) {
    const at = ((place.top + row) * side + place.left) * 3;
    canvas.set(pixels.subarray(row * length, (row + 1) * length), at);
  }
}
