import type { Image } from "@touchstone/datasets";
import sharp from "sharp";
import { expect, test } from "vitest";
import { FigureDataError } from "../errors.ts";
import { sampleGrid } from "./sample-grid.ts";

test("images are in rows, with every pixel as it was", async () => {
  const images = [10, 60, 200].map((grey) => plain(2, 3, grey));
  const { png, width, height } = await sampleGrid(images, { columns: 2, gap: 1 });
  expect({ width, height }).toEqual({ width: 7, height: 5 });
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const rows = Array.from({ length: 5 }, (_, y) =>
    Array.from({ length: 7 }, (_, x) => data[(y * 7 + x) * info.channels]!),
  );
  const [a, b, c, o] = [10, 60, 200, 128];
  expect(rows).toEqual([
    [a, a, a, o, b, b, b],
    [a, a, a, o, b, b, b],
    [o, o, o, o, o, o, o],
    [c, c, c, o, o, o, o],
    [c, c, c, o, o, o, o],
  ]);
});

test("a smaller image is in the middle of its tile, a missing one leaves it empty", async () => {
  const { png } = await sampleGrid([plain(3, 3, 0), undefined, plain(1, 1, 255)], { columns: 3, gap: 0 });
  const { data } = await sharp(png)
    .removeAlpha()
    .toColourspace("b-w")
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([...data.subarray(9, 18)]).toEqual([0, 0, 0, 128, 128, 128, 128, 255, 128]);
});

test("an image of any size is shown no larger than 128 pixels", async () => {
  const { width, height } = await sampleGrid([plain(1000, 10, 9), plain(64, 64, 9)], { columns: 2, gap: 0 });
  expect({ width, height }).toEqual({ width: 128, height: 128 });
});

test("without images there is no grid", async () => {
  await expect(sampleGrid([], { columns: 1 })).rejects.toThrow(FigureDataError);
  await expect(sampleGrid([undefined], { columns: 1 })).rejects.toThrow("at least one image");
  await expect(sampleGrid([plain(1, 1, 1)], { columns: 0 })).rejects.toThrow("a positive number of columns");
  await expect(sampleGrid(new Array(20_000).fill(plain(1, 1, 1)), { columns: 1 })).rejects.toThrow(
    "16383 pixels",
  );
});

function plain(height: number, width: number, grey: number): Image {
  return { height, width, channels: 3, data: new Uint8Array(height * width * 3).fill(grey) };
}
