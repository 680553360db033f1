/** Reads what a run made: the images of a folder. */

import { NoImagesError, openImages, streamImages, UnreadablePathError } from "@touchstone/datasets";
import { fitted } from "../images/fitted.ts";
import type { NamedImage } from "./outputs.ts";

/** A page of more would be no help. */
const MOST = 2000;
/** Longest side in memory: as large as anything is shown. */
const LARGEST = 128;
/** 2048 x 2048: what a submission made may be anything. */
const LARGEST_PIXELS = 2 ** 22;

/**
 * The first 2,000 images of a folder by name, none larger than 128 pixels. Files that are no images, or too large, are left out: the
 * findings say so.
 *
 * @returns none where there is no such folder, or no image in it  @throws the signal's reason
 */
export async function readImagesOf(folder: string, signal?: AbortSignal): Promise<NamedImage[]> {
  const source = await openImages(folder, { limits: { pixels: LARGEST_PIXELS } }).catch((error: unknown) => {
    if (error instanceof NoImagesError || error instanceof UnreadablePathError) return undefined;
    throw error;
  });
  if (source === undefined) return [];
  try {
    const images: NamedImage[] = [];
    const order = source.entries.slice(0, MOST).keys();
    for await (const { name, image } of streamImages(source, { order, ...(signal && { signal }) })) {
      if (image) images.push({ name, image: fitted(image, LARGEST) });
    }
    return images;
  } finally {
    await source.close();
  }
}
