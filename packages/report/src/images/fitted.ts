/** Images no larger than they are shown. */

import { type Image, resizeBilinear } from "@touchstone/datasets";

/** The image itself, or a smaller one whose longer side has `largest` pixels. */
export function fitted(image: Image, largest: number): Image {
  const scale = largest / Math.max(image.height, image.width);
  if (scale >= 1) return image;
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return resizeBilinear(image, { height: side(image.height), width: side(image.width) });
}
