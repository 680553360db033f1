import type { Image } from "@touchstone/datasets";
import { expect, it } from "vitest";
import { grid } from "./grid.ts";

/** One level everywhere. */
const plain = (level: number, height: number, width: number): Image => ({
  height,
  width,
  channels: 3,
  data: new Uint8Array(height * width * 3).fill(level),
});

/** The red channel, row by row. */
function rows({ data, width, height }: Image): number[][] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => data[3 * (y * width + x)]!),
  );
}

it("puts images row by row, with black between and around them", () => {
  const picture = grid([plain(1, 1, 2), plain(2, 1, 2), plain(3, 1, 2)], { columns: 2, padding: 1 });
  expect(rows(picture)).toEqual([
    [0, 0, 0, 0, 0, 0, 0],
    [0, 1, 1, 0, 2, 2, 0],
    [0, 0, 0, 0, 0, 0, 0],
    [0, 3, 3, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0],
  ]);
});

it("has make_grid's size by default: 8 columns, 2 pixels of padding", () => {
  const { height, width } = grid(Array(32).fill(plain(9, 64, 64)));
  expect([height, width]).toEqual([4 * 66 + 2, 8 * 66 + 2]);
  expect(grid(Array(3).fill(plain(9, 64, 64))).width).toBe(3 * 66 + 2);
});

it("refuses no images, unlike images and no columns", () => {
  expect(() => grid([])).toThrow(/A grid: expected at least one image, found none/);
  expect(() => grid([plain(1, 2, 2), plain(1, 2, 3)])).toThrow(
    /Image 1 of a grid: expected 2 x 2 .* found 2 x 3/,
  );
  expect(() => grid([plain(1, 2, 2)], { columns: 0 })).toThrow(/columns/);
});
