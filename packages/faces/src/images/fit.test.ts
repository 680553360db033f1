import { expect, it } from "vitest";
import { drawOnto, placeWithin } from "./fit.ts";

it("an image stands in the middle, with a share of its longer side around it", () => {
  const square = { height: 64, width: 64 };
  expect(placeWithin(square, 160, 0)).toEqual({ height: 160, width: 160, top: 0, left: 0 });
  expect(placeWithin(square, 160, 0.5)).toEqual({ height: 80, width: 80, top: 40, left: 40 });
  expect(placeWithin({ height: 50, width: 100 }, 160, 0.5)).toEqual({
    height: 40,
    width: 80,
    top: 60,
    left: 40,
  });
});

it("a line keeps at least a pixel", () => {
  expect(placeWithin({ height: 1, width: 10_000 }, 160, 0)).toEqual({
    height: 1,
    width: 160,
    top: 79,
    left: 0,
  });
});

it("pixels go to their place, and no others change", () => {
  const canvas = new Uint8Array(3 * 3 * 3).fill(9);
  const image = { height: 1, width: 2, data: Uint8Array.from([1, 2, 3, 4, 5, 6]) };
  drawOnto(canvas, 3, image, { height: 1, width: 2, top: 1, left: 1 });
  // biome-ignore format: one row a line
  expect([...canvas]).toEqual([
    9, 9, 9, 9, 9, 9, 9, 9, 9,
    9, 9, 9, 1, 2, 3, 4, 5, 6,
    9, 9, 9, 9, 9, 9, 9, 9, 9,
  ]);
});
