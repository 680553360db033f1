/** PIL's `image.resize((width, height), Image.BILINEAR)` on uint8: a triangle filter that widens when it shrinks. */

import type { Image, Size } from "../types.ts";

const PRECISION = 22; // Bits after the point of PIL's weights (Resample.c: 32 - 8 - 2).

/** An image of `size` with the same values as PIL: rows first, each pass rounded to uint8. */
export function resizeBilinear(image: Image, size: Size): Image {
  const { height, width, data } = image;
  const wide =
    size.width === width
      ? data
      : resample(data, { lines: height, length: width, to: size.width, step: 3, stride: 3 * width });
  const done =
    size.height === height
      ? wide
      : resample(wide, {
          lines: size.width,
          length: height,
          to: size.height,
          step: 3 * size.width,
          stride: 3,
        });
  return { ...size, channels: 3, data: done };
}

/** Resamples RGB along one axis: `step` is the distance of neighbours on it, `stride` that of lines. */
function resample(
  from: Uint8Array,
  { lines, length, to, step, stride }: Record<"lines" | "length" | "to" | "step" | "stride", number>,
): Uint8Array {
  const out = new Uint8Array(lines * to * 3);
  // Rows keep their distance in pixels, columns their neighbours: only the resampled axis changes its length.
  const outStride = stride === 3 ? 3 : 3 * to;
  for (let position = 0; position < to; position++) {
    const { start, weights } = triangle(position, length, to);
    for (let line = 0; line < lines; line++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 1 << (PRECISION - 1);
        for (let k = 0; k < weights.length; k++) {
          sum += weights[k]! * from[line * stride + (start + k) * step + channel]!;
        }
        out[line * outStride + position * step + channel] = Math.min(sum >> PRECISION, 255);
      }
    }
  }
  return out;
}

/** Which inputs an output is made of, and their weights in fixed point. */
function triangle(position: number, length: number, to: number): { start: number; weights: number[] } {
  const scale = length / to;
  const support = Math.max(scale, 1);
  const centre = (position + 0.5) * scale;
  const start = Math.max(Math.trunc(centre - support + 0.5), 0);
  const end = Math.min(Math.trunc(centre + support + 0.5), length);
  const weights = Array.from({ length: end - start }, (_, k) =>
    Math.max(1 - Math.abs((start + k - centre + 0.5) / support), 0),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return { start, weights: weights.map((weight) => Math.trunc(0.5 + (weight / sum) * 2 ** PRECISION)) };
}
