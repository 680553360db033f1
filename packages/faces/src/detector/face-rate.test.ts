import { expect, it } from "vitest";
import { type Face, faceRate, NoImagesError } from "../index.ts";

const face: Face = { score: 1, box: { x: 0, y: 0, width: 1, height: 1 } };

it("an image passes with exactly one face", () => {
  expect(faceRate([[face], [], [face, face], [face]])).toEqual({
    counts: [1, 0, 2, 1],
    passed: 2,
    rate: 0.5,
  });
});

it("no images have no rate", () => {
  expect(() => faceRate([])).toThrow(NoImagesError);
});
