import { expect, it } from "vitest";
import { decodeBoxes, type Face, suppressOverlaps } from "./boxes.ts";

const face = (score: number, x: number, width = 10): Face => ({ score, box: { x, y: 0, width, height: 10 } });

/** Two by two cells without a face, but for what is put there. */
function gridWith(cell: number, anchor: number, numbers: number[]): Float32Array {
  const grid = Float32Array.from({ length: 4 * 25 }, (_, i) => (i % 5 === 4 ? -20 : 0));
  grid.set(numbers, cell * 25 + anchor * 5);
  return grid;
}

it("a box stands at its cell, as large as its anchor times the exponent", () => {
  // Logits 0 are the middle of the cell; log 2 twice the anchor's width; log 3 a score of 3/4.
  const [found, ...others] = decodeBoxes(gridWith(2, 2, [0, 0, Math.log(2), 0, Math.log(3)]), 2, 0.5);
  expect(others).toEqual([]);
  expect(found!.score).toBeCloseTo(0.75, 6);
  expect(found!.box.width).toBeCloseTo(2.882459, 6); // 2 x 2.882459 of 2 cells
  expect(found!.box.height).toBeCloseTo(3.518061 / 2, 6);
  expect(found!.box.x + found!.box.width / 2).toBeCloseTo(0.25, 6);
  expect(found!.box.y + found!.box.height / 2).toBeCloseTo(0.75, 6);
});

it("a score at the threshold is not above it", () => {
  expect(decodeBoxes(gridWith(0, 0, [0, 0, 0, 0, 0]), 2, 0.5)).toEqual([]);
});

it("of boxes that overlap by more than the limit the best stays, whatever their order", () => {
  // 10 wide, 2 apart: 8 of 12 is 0.67; 4 apart: 6 of 14 is 0.43; 5 apart: 5 of 15 is 0.33.
  const [best, near, far] = [face(0.9, 0), face(0.8, 4), face(0.7, 5)];
  expect(suppressOverlaps([far, near, best], 0.4)).toEqual([best, far]);
});

it("a box that was dropped drops no other", () => {
  const [best, between, beyond] = [face(0.9, 0), face(0.8, 4), face(0.7, 8)];
  expect(suppressOverlaps([best, between, beyond], 0.4)).toEqual([best, beyond]);
});
