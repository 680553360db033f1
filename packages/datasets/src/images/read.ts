/** A whole folder or zip of images of one size in memory. */

import { NoImagesError, TooLargeError } from "../errors.ts";
import type { Problem } from "../problems.ts";
import type { ImageArray } from "../types.ts";
import type { ImageSource } from "./source.ts";
import { firstSize, type ReadOptions, streamImages } from "./stream.ts";

export interface ReadImages extends ImageArray {
  names: string[];
  /** Of the listing and of the reading: every file that is not among the images. */
  problems: Problem[];
}

const ARRAY_LIMIT = 2 * 2 ** 30;

/**
 * Reads all images. Those with problems are left out and reported; pass the problems to `refuseProblems` to be strict. Without
 * `expectedSize` all must have the size of the first one that can be read.
 *
 * @returns `images` of shape `[count, height, width, 3]`, in the order of the source
 * @throws NoImagesError if none can be read; TooLargeError above 2 GiB; InvalidOptionError; the signal's reason
 */
export async function readImages(source: ImageSource, options: ReadOptions = {}): Promise<ReadImages> {
  const expectedSize = options.expectedSize ?? (await firstSize(source, options.signal));
  const { height, width } = expectedSize;
  const pixels = height * width * 3;
  const bytes = source.entries.length * pixels;
  if (bytes > ARRAY_LIMIT) throw new TooLargeError(source.path, bytes, ARRAY_LIMIT);

  const images = new Uint8Array(bytes);
  const names: string[] = [];
  const problems = [...source.problems];
  for await (const { name, image, problem } of streamImages(source, { ...options, expectedSize })) {
    if (image) images.set(image.data, names.push(name) * pixels - pixels);
    else problems.push(problem);
  }
  const count = names.length;
  if (count === 0) throw new NoImagesError(source.path, "", problems);
  return { images: images.subarray(0, count * pixels), count, height, width, channels: 3, names, problems };
}
