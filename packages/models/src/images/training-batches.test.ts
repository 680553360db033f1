import { batches, type ImageArray } from "@touchstone/datasets";
import { generatorFromSeed } from "@touchstone/nn";
import { expect, it } from "vitest";
import { gatherImages, requireImages, shuffledBatches } from "./training-batches.ts";

function numbered(count: number, height: number, width: number): ImageArray {
  const images = Uint8Array.from({ length: count * height * width * 3 }, (_, i) => i);
  return { images, count, height, width, channels: 3 };
}

it("batches by number are those of one epoch after the other", async () => {
  const generator = generatorFromSeed(7);
  const at = shuffledBatches(10, 3, generator);
  const expected: number[][] = [];
  for (const epoch of [0, 1]) {
    const options = { batchSize: 3, shuffle: generator, epoch, dropLast: true };
    for await (const { indices } of batches(numbered(10, 1, 1), options)) expected.push([...indices]);
  }
  expect(expected).toHaveLength(6);
  expect([0, 1, 2, 3, 4, 5].map((n) => [...at(n)])).toEqual(expected);
  expect([...at(1)]).toEqual(expected[1]); // also backwards
});

it("gathers images, mirrored where asked for", () => {
  const set = numbered(3, 2, 2);
  const found = gatherImages(set, Int32Array.of(2, 0), (i) => i === 1);
  expect([...found]).toEqual([
    ...[24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35],
    ...[3, 4, 5, 0, 1, 2, 9, 10, 11, 6, 7, 8],
  ]);
});

it("refuses images of another size, and too few of them", () => {
  const size = { height: 2, width: 2 };
  expect(() => requireImages(numbered(3, 2, 2), size, 3)).not.toThrow();
  const refused = (set: ImageArray, batch: number) => () => requireImages(set, size, batch);
  expect(refused(numbered(3, 2, 4), 3)).toThrow(/expected 2 x 2 pixels, found 2 x 4; resize or crop them/);
  expect(refused(numbered(2, 2, 2), 3)).toThrow(/at least 3, one batch, found 2/);
  expect(refused(numbered(0, 2, 2), 1)).toThrow(
    expect.objectContaining({ code: "MODELS_IMAGES", exitCode: 2 }),
  );
  expect(refused({ ...numbered(3, 2, 2), count: 4 }, 3)).toThrow(
    /4 training images: expected 48 bytes, found 36/,
  );
});
