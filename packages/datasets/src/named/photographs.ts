/** Photographs as backgrounds of MNIST-M: decoded once, so that a crop is a copy. */

import { basename, resolve } from "node:path";
import { refuseProblems, TooLargeError } from "../errors.ts";
import { openImages } from "../images/open.ts";
import { streamImages } from "../images/stream.ts";

import type { Image } from "../types.ts";
import type { Backgrounds } from "./mnist-m.ts";

const BYTES_LIMIT = 2 * 2 ** 30; // BSDS500's 200 photographs take 93 MB.

/**
 * Reads all photographs of a folder or zip.
 *
 * @throws what `openImages` throws; ProblemsError; TooLargeError above 2 GiB
 */
export async function readPhotographs(path: string, signal?: AbortSignal): Promise<Backgrounds> {
  const source = await openImages(path);
  try {
    refuseProblems(path, source.problems);
    const images: Image[] = [];
    let bytes = 0;
    for await (const { image, problem } of streamImages(source, signal ? { signal } : {})) {
      if (problem) refuseProblems(path, [problem]);
      else images.push(image);
      bytes += image?.data.length ?? 0;
      if (bytes > BYTES_LIMIT) throw new TooLargeError(path, bytes, BYTES_LIMIT);
    }
    return { name: `photographs: ${basename(resolve(path))}`, images };
  } finally {
    await source.close();
  }
}
