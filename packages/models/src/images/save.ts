/** Images as PNG files. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Progress, Work } from "@touchstone/cli";
import type { Image } from "@touchstone/datasets";
import sharp from "sharp";
import { ImageWriteError } from "./errors.ts";

/** Encoded and written at a time: enough to keep sharp's threads busy. */
const AT_A_TIME = 16;

export interface SaveOptions {
  /** File name of each image, counted from 0. Default 00000.png, 00001.png, ... */
  name?: (index: number) => string;
  /** How many there will be, for the progress line. */
  total?: number;
}

/** The bytes depend on nothing but the pixels (and sharp's version). */
export function encodePng({ data, height, width, channels }: Image): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels } }).png().toBuffer();
}

/** Writes one image, with the folders that lead to it. @throws ImageWriteError */
export async function saveImage(path: string, image: Image): Promise<void> {
  const png = await encodePng(image);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, png);
  } catch (cause) {
    throw new ImageWriteError(path, cause as NodeJS.ErrnoException);
  }
}

/**
 * Writes images to `folder` as they come, over files that have their names already. Returns how many there were.
 *
 * @throws ImageWriteError
 */
export async function* saveImages(
  images: Iterable<Image> | AsyncIterable<Image>,
  folder: string,
  { name = (index) => `${String(index).padStart(5, "0")}.png`, total }: SaveOptions = {},
): Work<number> {
  let done = 0;
  let pending: Image[] = [];
  const flush = async (): Promise<Progress> => {
    await Promise.all(pending.map((image, i) => saveImage(join(folder, name(done + i)), image)));
    done += pending.length;
    pending = [];
    return { label: "saving", done, unit: "images", ...(total === undefined ? {} : { total }) };
  };
  for await (const image of images) {
    if (pending.push(image) === AT_A_TIME) yield await flush();
  }
  if (pending.length > 0) yield await flush();
  return done;
}
