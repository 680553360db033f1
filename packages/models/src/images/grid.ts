/** Many images in one picture. */

import type { Image } from "@touchstone/datasets";
import { OptionError } from "@touchstone/nn";
import { ImagesError } from "./errors.ts";

export interface GridOptions {
  columns?: number;
  /** Black pixels around each image. */
  padding?: number;
}

/**
 * Images of one size row by row, the last row filled up with black, as torchvision.utils.make_grid arranges more than one.
 *
 * @throws ImagesError where there is none, or where they differ in size; OptionError
 */
export function grid(images: readonly Image[], { columns = 8, padding = 2 }: GridOptions = {}): Image {
  if (!(columns >= 1)) throw new OptionError("columns", "a whole number, 1 or more", columns);
  const [first] = images;
  if (!first) throw new ImagesError("A grid", "at least one image", "none");
  const across = Math.min(columns, images.length);
  const rows = Math.ceil(images.length / across);
  const [tall, wide] = [first.height + padding, first.width + padding];
  const [height, width] = [rows * tall + padding, across * wide + padding];
  const data = new Uint8Array(height * width * 3);
  images.forEach((image, i) => {
    if (image.height !== first.height || image.width !== first.width) {
      const found = `${image.height} x ${image.width}`;
      throw new ImagesError(`Image ${i} of a grid`, `${first.height} x ${first.width} as the first`, found);
    }
    const [top, left] = [Math.floor(i / across) * tall + padding, (i % across) * wide + padding];
    for (let y = 0; y < image.height; y++) {
      const row = image.data.subarray(3 * y * image.width, 3 * (y + 1) * image.width);
      data.set(row, 3 * ((top + y) * width + left));
    }
  });
  return { height, width, channels: 3, data };
}
