/** Many small images as one: what a page shows of the points and cells that are pointed at. */

import type { Image } from "@touchstone/datasets";
import sharp from "sharp";
import { arrange } from "./arrange.ts";
import { fitted } from "./fitted.ts";

export interface Sprite {
  webp: Buffer;
  columns: number;
  /** Of one tile. */
  width: number;
  height: number;
}

/** Longest side of a tile: a thousand tiles of faces are about 2 MB. */
const LARGEST = 64;

/** @throws FigureDataError without images */
export async function sprite(images: readonly Image[]): Promise<Sprite> {
  const small = images.map((image) => fitted(image, LARGEST));
  const columns = Math.ceil(Math.sqrt(small.length));
  const { data, width, height, tile } = arrange("Sprite", small, { columns, gap: 0, background: 0 });
  const webp = await sharp(data, { raw: { width, height, channels: 3 } })
    .webp({ quality: 85 })
    .toBuffer();
  return { webp, columns, width: tile.width, height: tile.height };
}
