/** Digits in RGB, and in gray as MNIST and USPS have them. */

import type { LabeledImages, Size } from "../types.ts";

export interface GrayDigits extends Size {
  /** `[count, height, width]`, 0 (paper) to 255 (ink). */
  images: Uint8Array;
  /** `[count]`, 0 to 9. */
  labels: Int32Array;
}

/** Digits before they have a name. */
export type Digits = Omit<LabeledImages, "name">;

/** The same images in RGB, all three channels alike. */
export function toRgb({ images, labels, height, width }: GrayDigits): Digits {
  const rgb = new Uint8Array(images.length * 3);
  for (let from = 0, to = 0; from < images.length; from++) {
    const value = images[from]!;
    rgb[to++] = value;
    rgb[to++] = value;
    rgb[to++] = value;
  }
  return { images: rgb, labels, count: labels.length, height, width, channels: 3 };
}
