/** Images of a folder or zip one after another, read and decoded several at a time. */

import { BadFileError, InvalidOptionError, NoImagesError } from "../errors.ts";
import { requirePositiveInteger } from "../options.ts";
import type { Problem } from "../problems.ts";
import type { Image, Size } from "../types.ts";
import { decodeImage } from "./decode.ts";
import { mapOrdered } from "./ordered.ts";
import type { ImageSource } from "./source.ts";

export interface ReadOptions {
  /** The size every image must have; one of another size is a problem. */
  expectedSize?: Size;
  /** Brings every image to `expectedSize` instead: `resizeBilinear`, for one. */
  resize?: (image: Image, size: Size) => Image;
  /**
   * How many images are in memory at most, the one that was handed out included. Node decodes as many at a time as its thread
   * pool has threads (`UV_THREADPOOL_SIZE`, 4).
   */
  prefetch?: number;
  /** Stops the reading with the signal's reason. */
  signal?: AbortSignal;
}

/** An image, or what is wrong with its file. `index` is its position in `source.entries`. */
export type ImageResult = { index: number; name: string } & (
  | { image: Image; problem?: never }
  | { image?: never; problem: Problem }
);

const PREFETCH = 16;

/**
 * Decodes entries in the given order, by default that of the source. A file that is not the image it should be comes as a
 * problem in its place; without `expectedSize` images may have any size.
 *
 * @param options.order positions in `source.entries`
 * @throws InvalidOptionError; the signal's reason
 */
export async function* streamImages(
  source: ImageSource,
  options: ReadOptions & { order?: Iterable<number> } = {},
): AsyncGenerator<ImageResult, void, undefined> {
  const { expectedSize, resize, prefetch = PREFETCH, signal, order = source.entries.keys() } = options;
  requirePositiveInteger("prefetch", prefetch);
  if (resize && !expectedSize) throw new InvalidOptionError("expectedSize", "a size to resize to", "none");

  const read = async (index: number): Promise<ImageResult> => {
    const entry = source.entries[index];
    if (entry === undefined) {
      throw new InvalidOptionError("order", `positions below ${source.entries.length}`, index);
    }
    const { name } = entry;
    try {
      const bytes = await source.read(entry);
      signal?.throwIfAborted();
      const size = resize ? undefined : expectedSize;
      const decoded = await decodeImage(bytes, { name, pixels: source.limits.pixels, ...(size && { size }) });
      return { index, name, image: resize ? resize(decoded, expectedSize!) : decoded };
    } catch (error) {
      if (error instanceof BadFileError) return { index, name, problem: error.problem };
      throw error;
    }
  };
  yield* mapOrdered(order, prefetch, read, signal);
}

/**
 * The size of the first image that can be decoded.
 *
 * @throws NoImagesError if none can
 */
export async function firstSize(source: ImageSource, signal?: AbortSignal): Promise<Size> {
  const problems: Problem[] = [...source.problems];
  for await (const { image, problem } of streamImages(source, { prefetch: 1, ...(signal && { signal }) })) {
    if (image) return { height: image.height, width: image.width };
    problems.push(problem);
  }
  throw new NoImagesError(source.path, "", problems);
}
