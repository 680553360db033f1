import fc from "fast-check";
import { expect, it } from "vitest";
import { table } from "../../test/golden-metrics.ts";
import { collected, emptyCollection, mergeCollections, selectSamples, updateCollection } from "./index.ts";

const finite = fc.float({ noNaN: true, min: -1e6, max: 1e6 });
const batches = fc.array(
  fc
    .array(finite, { maxLength: 12 })
    .map((xs) => Float32Array.from(xs.slice(0, xs.length - (xs.length % 3)))),
);

const collect = (list: Float32Array[]) => list.reduce(updateCollection, emptyCollection(3));

it("shards, merged, are what one process collects; in any grouping", () => {
  fc.assert(
    fc.property(batches, batches, batches, (a, b, c) => {
      const serial = collected(collect([...a, ...b, ...c]));
      const [x, y, z] = [collect(a), collect(b), collect(c)];
      expect(collected(mergeCollections(mergeCollections(x, y), z))).toEqual(serial);
      expect(collected(mergeCollections(x, mergeCollections(y, z)))).toEqual(serial);
      expect(collected(mergeCollections(emptyCollection(3), collect([...a, ...b, ...c])))).toEqual(serial);
    }),
  );
});

it("keeps a copy: a batch's array may be used again", () => {
  const batch = Float32Array.of(1, 2);
  const state = updateCollection(emptyCollection(2), batch);
  batch.fill(9);
  expect(collected(state)).toEqual(table([1, 2]));
});

it("refuses what does not fit", () => {
  const state = emptyCollection(2);
  expect(() => updateCollection(state, new Float32Array(3))).toThrow(
    expect.objectContaining({ code: "FID_SAMPLE_SHAPE", exitCode: 2 }),
  );
  expect(() => updateCollection(state, Float32Array.of(1, Number.NaN))).toThrow(
    expect.objectContaining({
      code: "FID_NUMBER_RANGE",
      message: expect.stringMatching(/NaN in row 0, column 1/),
    }),
  );
  expect(() => mergeCollections(state, emptyCollection(3))).toThrow(/the same dimensions, found 2 and 3/);
});

it("selects rows in the order asked for, more than once too", () => {
  expect(selectSamples(table([1, 2], [3, 4], [5, 6]), Int32Array.of(2, 0, 2))).toEqual(
    table([5, 6], [1, 2], [5, 6]),
  );
});
