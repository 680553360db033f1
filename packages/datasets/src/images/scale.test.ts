/** That scaling is the affine map of its formula. */

import { expect, it } from "vitest";
import { scaleImages } from "./scale.ts";

const every = Uint8Array.from({ length: 256 }, (_, i) => i);

it("maps 0 and 255 to the ends, exactly, and others between them within a rounding", () => {
  const scaled = scaleImages(every, [-1, 1]);
  expect([scaled[0], scaled[255]]).toEqual([-1, 1]);
  // PyTorch: ToTensor, then Normalize(0.5, 0.5), each rounded to float32.
  for (const value of every) {
    const torch = Math.fround(Math.fround(Math.fround(value / 255) - 0.5) / 0.5);
    expect(Math.abs(scaled[value]! - torch)).toBeLessThanOrEqual(2 ** -23);
  }
});

it("to [0, 1] gives PyTorch's ToTensor", () => {
  expect(scaleImages(every, [0, 1])).toEqual(Float32Array.from(every, (value) => value / 255));
});
