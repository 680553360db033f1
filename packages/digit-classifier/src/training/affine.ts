/** Augmentation of digits for MNIST-M: each turned, scaled and moved a little. */

import type { GrayDigits } from "@touchstone/datasets";
import type { Generator } from "@touchstone/nn";

export interface AffineRanges {
  /** How many of the digits are moved; the others keep the edges that MNIST gave them. */
  share: number;
  /** Radians, either way. */
  turn: number;
  /** A factor from 1 / (1 + scale) to 1 + scale. */
  scale: number;
  /** Pixels, either way. */
  shift: number;
}

/** As much as handwriting varies; a 6 stays a 6. */
export const AFFINE: AffineRanges = { share: 0.5, turn: 0.2, scale: 0.12, shift: 2 };

/**
 * The same generator gives the same digits. They come out as MNIST-M has them, ink (255) or paper (0): any ink at all counts as ink
 * before they are moved, and what is covered by half or more of a pixel afterwards (bilinear; paper beyond the edges).
 */
export function augment(digits: GrayDigits, generator: Generator, ranges: AffineRanges = AFFINE): GrayDigits {
  const { images, labels, height, width } = digits;
  const count = labels.length;
  const draw = (what: string, range: number) =>
    generator
      .split(what)
      .uniform(count)
      .map((u) => range * (2 * u - 1));
  const turns = draw("turn", ranges.turn);
  const scales = draw("scale", Math.log1p(ranges.scale)).map(Math.exp);
  const rights = draw("right", ranges.shift);
  const downs = draw("down", ranges.shift);
  const isMoved = generator
    .split("moved")
    .uniform(count)
    .map((u) => (u < ranges.share ? 1 : 0));

  const moved = new Uint8Array(images.length);
  const pixels = height * width;
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  for (let i = 0; i < count; i++) {
    const from = images.subarray(i * pixels, (i + 1) * pixels).map((value) => (value > 0 ? 1 : 0));
    if (isMoved[i] === 0) {
      moved.set(
        from.map((value) => 255 * value),
        i * pixels,
      );
      continue;
    }
    const [cos, sin] = [Math.cos(turns[i]!) / scales[i]!, Math.sin(turns[i]!) / scales[i]!];
    for (let y = 0, at = i * pixels; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const [dx, dy] = [x - middleX - rights[i]!, y - middleY - downs[i]!];
        const cover = sample(
          from,
          height,
          width,
          middleX + cos * dx + sin * dy,
          middleY - sin * dx + cos * dy,
        );
        moved[at] = cover >= 0.5 ? 255 : 0;
      }
    }
  }
  return { images: moved, labels, height, width };
}

function sample(image: Uint8Array, height: number, width: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < -1 || top < -1 || left >= width || top >= height) return 0;
  const at = (row: number, column: number) =>
    row < 0 || column < 0 || row >= height || column >= width ? 0 : image[row * width + column]!;
  const [right, down] = [x - left, y - top];
  const above = at(top, left) * (1 - right) + at(top, left + 1) * right;
  const below = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right;
  return above * (1 - down) + below * down;
}
