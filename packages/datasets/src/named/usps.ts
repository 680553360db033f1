/** USPS: 16x16 gray digits, in LIBSVM's text format and bzip2. */

import { readFile } from "node:fs/promises";
import { BadFileError } from "../errors.ts";
import { bunzip2 } from "./bzip2.ts";
import type { GrayDigits } from "./digits.ts";

const SIZE = 16;
const PIXELS = SIZE * SIZE;

/** @throws BadFileError */
export async function readUsps(path: string): Promise<GrayDigits> {
  return parseUsps(Buffer.from(bunzip2(await readFile(path), path)).toString("latin1"), path);
}

/**
 * One digit a line: its label, 1 to 10 for 0 to 9, then `pixel:value` with pixels from 1 and values in [-1, 1].
 *
 * Values become 0 to 255 by rounding, as they are in the homework's images; torchvision cuts off, and is at most 1 darker.
 */
export function parseUsps(text: string, file: string): GrayDigits {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const images = new Uint8Array(lines.length * PIXELS).fill(toByte(0)); // LIBSVM's format leaves out zeros.
  const labels = new Int32Array(lines.length);
  for (const [i, line] of lines.entries()) {
    const bad = (expected: string, found: string | undefined) => {
      const message = `expected ${expected}, found "${found?.slice(0, 30) ?? "nothing"}"`;
      return new BadFileError({ file: `${file}, line ${i + 1}`, kind: "corrupt", message });
    };
    const [label, ...pixels] = line.trim().split(/\s+/);
    if (!/^([1-9]|10)$/.test(label ?? "")) throw bad("a label from 1 to 10", label);
    labels[i] = Number(label) - 1;
    for (const pixel of pixels) {
      const [index, value] = pixel.split(":").map(Number);
      if (!(Number.isInteger(index) && index! >= 1 && index! <= PIXELS && Math.abs(value!) <= 1)) {
        throw bad(`a pixel from 1 to ${PIXELS} and its value in [-1, 1]`, pixel);
      }
      images[i * PIXELS + index! - 1] = toByte(value!);
    }
  }
  return { images, labels, height: SIZE, width: SIZE };
}

const toByte = (value: number): number => Math.round(((value + 1) / 2) * 255);
