/** A few images to train on in tests: real faces where they are, drawn discs elsewhere. */

import { type ImageArray, openImages, readImages } from "@touchstone/datasets";
import { sharedData } from "../../nn/test/shared-data.ts";

const { path: FACES, absent } = sharedData("hw2_data/face/val");

/** What `trainingImages` gives here, for the title of a test. */
export const KIND = absent ? "drawn discs (no faces in TOUCHSTONE_DATA)" : "faces";

/** 64 x 64. */
export async function trainingImages(count: number): Promise<ImageArray> {
  if (absent) return discs(count);
  const source = await openImages(FACES);
  return readImages({ ...source, entries: source.entries.slice(0, count) });
}

/** Light discs of different sizes and places on a dark ground. */
function discs(count: number): ImageArray {
  const images = new Uint8Array(count * 64 * 64 * 3);
  for (let p = 0; p < images.length; p++) {
    const [i, y, x] = [Math.floor(p / 12288), Math.floor(p / 192) % 64, Math.floor(p / 3) % 64];
    const inside = Math.hypot(x - 24 - (i % 16), y - 24 - ((3 * i) % 16)) < 10 + (i % 12);
    images[p] = inside ? 200 + ((7 * i) % 50) : 20 + y;
  }
  return { images, count, height: 64, width: 64, channels: 3 };
}
