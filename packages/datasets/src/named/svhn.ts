/** SVHN's cropped digits (format 2): 32x32 RGB in MATLAB files, in which a 0 is labelled 10. */

import { readFile } from "node:fs/promises";
import { BadFileError } from "../errors.ts";
import type { Digits } from "./digits.ts";
import { parseMat } from "./mat.ts";

const SIZE = 32;
const PIXELS = SIZE * SIZE * 3;

/**
 * Reads the images from `start` on, to `end` or to the last one.
 *
 * @throws BadFileError
 */
export async function readSvhn(path: string, start = 0, end?: number): Promise<Digits> {
  const arrays = parseMat(await readFile(path), path);
  const x = arrays.get("X");
  const y = arrays.get("y");
  const total = x?.shape[3] ?? 0;
  if (
    !(x?.data instanceof Uint8Array) ||
    x.shape.join() !== [SIZE, SIZE, 3, total].join() ||
    y?.data.length !== total
  ) {
    const message = `expected X of uint8 [32, 32, 3, n] and y of n, found X of [${x?.shape}] and y of [${y?.shape}]`;
    throw new BadFileError({ file: path, kind: "corrupt", message });
  }
  const from = x.data.subarray(start * PIXELS, (end ?? total) * PIXELS);
  const labels = Int32Array.from(y.data.subarray(start, end ?? total), (label) => label % 10);
  return { images: toRows(from), labels, count: labels.length, height: SIZE, width: SIZE, channels: 3 };
}

/** From MATLAB's `[height, width, channel, image]`, first axis fastest, to `[image, height, width, channel]`, last fastest. */
function toRows(from: Uint8Array): Uint8Array {
  const out = new Uint8Array(from.length);
  for (let image = 0, at = 0; image < from.length; image += PIXELS) {
    for (let channel = 0; channel < 3; channel++) {
      for (let column = 0; column < SIZE; column++) {
        const to = image + 3 * column + channel;
        for (let row = 0; row < SIZE; row++) out[to + 3 * SIZE * row] = from[at++]!;
      }
    }
  }
  return out;
}
