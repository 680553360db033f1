/** Which images a training is given, told by what is in them: a path leads to others another day. */

import { createHash } from "node:crypto";
import type { ImageArray } from "@touchstone/datasets";

/** Such as `8000 images, sha256 0a1b2c3d4e5f`: of the pixels, and of the labels that count. */
export function fingerprint({ count, images }: ImageArray, labels?: Int32Array): string {
  const hash = createHash("sha256").update(images);
  if (labels) hash.update(labels);
  return `${count} images, sha256 ${hash.digest("hex").slice(0, 12)}`;
}
