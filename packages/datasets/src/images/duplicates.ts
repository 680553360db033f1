/** Images that are the same, pixel for pixel, whatever their files are called or how they are compressed. */

import { createHash } from "node:crypto";
import type { Image, ImageArray } from "../types.ts";

/** Equal for images of the same size and pixels: sha256, in hex. */
export function pixelHash({ height, width, data }: Image): string {
  return createHash("sha256").update(`${height}x${width}:`).update(data).digest("hex");
}

/**
 * Groups of two or more equal hashes, as positions in ascending order; groups by their first position. Takes hashes rather than
 * images so that a stream can be checked without keeping it.
 */
export function duplicateGroups(hashes: readonly string[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [index, hash] of hashes.entries()) {
    const group = groups.get(hash);
    if (group) group.push(index);
    else groups.set(hash, [index]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** `duplicateGroups` of the images of an array. */
export function findDuplicates({ images, count, height, width }: ImageArray): number[][] {
  const pixels = height * width * 3;
  const hashes = Array.from({ length: count }, (_, index) => {
    const data = images.subarray(index * pixels, (index + 1) * pixels);
    return pixelHash({ height, width, channels: 3, data });
  });
  return duplicateGroups(hashes);
}
