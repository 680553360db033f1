/** Images side by side in rows, as one. */

import type { Image, Size } from "@touchstone/datasets";
import { FigureDataError } from "../errors.ts";

export interface Arrangement {
  columns: number;
  /** Pixels between two images. */
  gap: number;
  /** Grey level of the gaps, 0 to 255. */
  background: number;
}

/** libwebp's limit on a side, which is the lowest of all formats used. */
const LARGEST_SIDE = 16_383;

/**
 * Tiles are as large as the largest image; a smaller one is in the middle of its tile. An undefined image leaves its tile empty.
 *
 * @returns the picture, and the size of a tile  @throws FigureDataError
 */
export function arrange(
  what: string,
  images: readonly (Image | undefined)[],
  { columns, gap, background }: Arrangement,
): Image & { tile: Size } {
  const present = images.filter((image) => image !== undefined);
  if (present.length === 0) throw new FigureDataError(what, "at least one image", "none");
  if (!Number.isInteger(columns) || columns < 1) {
    throw new FigureDataError(what, "a positive number of columns", String(columns));
  }
  const tile = {
    height: Math.max(...present.map(({ height }) => height)),
    width: Math.max(...present.map(({ width }) => width)),
  };
  const rows = Math.ceil(images.length / columns);
  const height = rows * (tile.height + gap) - gap;
  const width = columns * (tile.width + gap) - gap;
  if (Math.max(height, width) > LARGEST_SIDE) {
    throw new FigureDataError(what, `at most ${LARGEST_SIDE} pixels on a side`, `${width}x${height}`);
  }
  const data = new Uint8Array(height * width * 3).fill(background);
  for (const [i, image] of images.entries()) {
    if (!image) continue;
    const top = Math.floor(i / columns) * (tile.height + gap) + Math.floor((tile.height - image.height) / 2);
    const left = (i % columns) * (tile.width + gap) + Math.floor((tile.width - image.width) / 2);
    for (let y = 0; y < image.height; y++) {
      const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
      data.set(row, ((top + y) * width + left) * 3);
    }
  }
  return { height, width, channels: 3, data, tile };
}
