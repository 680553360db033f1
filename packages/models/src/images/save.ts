/** Images as PNG files. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Work } from "@touchstone/cli";
import type { Image } from "@touchstone/datasets";
import sharp from "sharp";
import { ImageWriteError } from "./errors.ts";
import { type Origin, withOrigin } from "./origin.ts";
import type { Sampling } from "./sampled.ts";

/** The bytes depend on nothing but the pixels (and sharp's version). */
export function encodePng({ data, height, width, channels }: Image): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels } }).png().toBuffer();
}

/** Writes one image, with the folders that lead to it, and its origin if it is to be told. @throws ImageWriteError */
export async function saveImage(path: string, image: Image, origin?: Origin): Promise<void> {
  const png = await encodePng(image);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, origin ? withOrigin(png, origin) : png);
  } catch (cause) {
    throw new ImageWriteError(path, cause as NodeJS.ErrnoException);
  }
}

/**
 * Writes images to `folder` under their names as they are made. Once the signal is aborted it ends, after all that was made is written.
 *
 * @returns how many were written
 * @throws ImageWriteError
 */
export async function* saveImages(
  sampling: Sampling,
  folder: string,
  origin: Origin,
  signal?: AbortSignal,
): Work<number> {
  let written = 0;
  for await (const { images, ...progress } of sampling) {
    await Promise.all(images.map((image) => saveImage(join(folder, image.name), image, origin)));
    written += images.length;
    yield progress;
    if (signal?.aborted) break;
  }
  return written;
}
