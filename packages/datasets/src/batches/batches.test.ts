/** Batches of arrays and of files: the same images in the same order, however they are stored. */

import { setTimeout as sleep } from "node:timers/promises";
import { generatorFromSeed } from "@touchstone/nn";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect, folderOf, png, zipOf } from "../../test/image-files.ts";
import { openImages } from "../images/open.ts";
import { readImages } from "../images/read.ts";
import type { ImageSource } from "../images/source.ts";
import type { Batch, LabeledImages } from "../types.ts";
import { batches } from "./batches.ts";

/** `count` images of 1x2 pixels, image i filled with i, of class i modulo 3. */
function numbered(count: number): LabeledImages {
  const images = Uint8Array.from({ length: count * 6 }, (_, i) => Math.floor(i / 6));
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
  return { name: "numbered", images, count, height: 1, width: 2, channels: 3, labels };
}

const folderOfNumbered = async (count: number): Promise<string> => {
  const files = await Promise.all(
    Array.from({ length: count }, async (_, i) => [`${i}.png`, await png(i, 2, 1)]),
  );
  return folderOf(Object.fromEntries(files));
};

const indicesOf = (all: Batch[]) => all.flatMap(({ indices }) => [...indices]);

function expectWhole(all: Batch[], labeled: boolean): void {
  for (const { images, count, indices, labels, names } of all) {
    expect([indices.length, names.length, images.length]).toEqual([count, count, count * 6]);
    expect([...images]).toEqual([...indices].flatMap((i) => Array(6).fill(i)));
    expect(labels && [...labels]).toEqual(labeled ? [...indices].map((i) => i % 3) : undefined);
  }
}

const options = fc.record({
  count: fc.nat(30),
  batchSize: fc.integer({ min: 1, max: 12 }),
  dropLast: fc.boolean(),
  seed: fc.option(fc.nat(1000)),
  epoch: fc.nat(3),
});

describe("batches of an array", () => {
  it("give every image once, in batches of the size", async () => {
    await fc.assert(
      fc.asyncProperty(options, async ({ count, batchSize, dropLast, seed, epoch }) => {
        const shuffle = seed === null ? {} : { shuffle: generatorFromSeed(seed) };
        const all = await collect(batches(numbered(count), { batchSize, dropLast, epoch, ...shuffle }));
        expectWhole(all, true);
        const kept = dropLast ? count - (count % batchSize) : count;
        expect(all.slice(0, -1).every((batch) => batch.count === batchSize)).toBe(true);
        expect(all.length).toBe(Math.ceil(kept / batchSize));
        const indices = indicesOf(all);
        expect(indices.length).toBe(kept);
        expect(new Set(indices).size).toBe(kept);
        if (seed === null) expect(indices).toEqual([...Array(kept).keys()]);
      }),
    );
  });

  it("have one order for a seed and an epoch, whatever was drawn before", async () => {
    const order = async (seed: number, epoch: number, drawn = 0, batchSize = 7) => {
      const shuffle = generatorFromSeed(seed);
      shuffle.uniform(drawn);
      return indicesOf(await collect(batches(numbered(50), { batchSize, shuffle, epoch })));
    };
    const first = await order(1, 0);
    expect(await order(1, 0, 5)).toEqual(first);
    expect(await order(1, 0, 0, 50)).toEqual(first);
    expect(await order(1, 1)).not.toEqual(first);
    expect(await order(2, 0)).not.toEqual(first);
  });

  it("own their pixels", async () => {
    const set = numbered(4);
    const [first, second] = await collect(batches(set, { batchSize: 2 }));
    first!.images.fill(99);
    expect([...second!.images]).toEqual([...Array(6).fill(2), ...Array(6).fill(3)]);
    expect(set.images[0]).toBe(0);
  });

  it("of any size take no more memory than their images", async () => {
    const [batch] = await collect(batches(numbered(3), { batchSize: Number.MAX_SAFE_INTEGER }));
    expect(batch!.images.buffer.byteLength).toBe(18);
  });

  it("carry names, and no labels where there are none", async () => {
    const { labels: _, ...unlabeled } = numbered(2);
    const [batch] = await collect(batches({ ...unlabeled, names: ["a", "b"] }, { batchSize: 5 }));
    expect(batch!.names).toEqual(["a", "b"]);
    expect("labels" in batch!).toBe(false);
  });
});

describe("batches of files", () => {
  it("are those of the array of the same images", async () => {
    const folder = await folderOfNumbered(23);
    const zip = await zipOf(
      await Promise.all(
        Array.from({ length: 23 }, async (_, i) => ({ name: `x/${i}.png`, content: await png(i, 2, 1) })),
      ),
    );
    const array = await readImages(await openImages(folder));
    for (const path of [folder, zip]) {
      const source = await openImages(path);
      for (const shuffle of [{}, { shuffle: generatorFromSeed(3), epoch: 2 }]) {
        const common = { batchSize: 5, ...shuffle };
        expect(await collect(batches(source, common))).toEqual(await collect(batches(array, common)));
      }
      await source.close();
    }
  });

  it("do not depend on which file is ready first", async () => {
    const source = await openImages(await folderOfNumbered(12));
    let turn = 0;
    const uneven: ImageSource = {
      ...source,
      read: async (entry) => {
        await sleep([9, 0, 4, 2][turn++ % 4]);
        return source.read(entry);
      },
    };
    const all = await collect(batches(uneven, { batchSize: 5, prefetch: 6 }));
    expect(indicesOf(all)).toEqual([...Array(12).keys()]);
    expectWhole(all, false);
  });

  it("take labels", async () => {
    const source = await openImages(await folderOfNumbered(7));
    const labels = Int32Array.from({ length: 7 }, (_, i) => i % 3);
    expectWhole(
      await collect(batches(source, { batchSize: 3, labels, shuffle: generatorFromSeed(0) })),
      true,
    );
    await expect(collect(batches(source, { batchSize: 3, labels: labels.subarray(1) }))).rejects.toThrow(
      "Option labels: expected 7, one for each entry, found 6.",
    );
  });

  it("are full in spite of bad files, which are reported", async () => {
    const files = { "0.png": "bad", "1.png": await png(1, 2, 1), "2.txt": "x", "3.png": await png(3, 1, 1) };
    const more = { "4.png": await png(4, 2, 1), "5.png": await png(5, 2, 1) };
    const source = await openImages(folderOf({ ...files, ...more }));
    const found: string[] = [];
    const onProblem = ({ file, kind }: { file: string; kind: string }) => found.push(`${file} ${kind}`);
    const all = await collect(batches(source, { batchSize: 2, onProblem }));
    expect(all.map(({ names }) => names)).toEqual([["1.png", "4.png"], ["5.png"]]);
    expect(all.map(({ images }) => images[0])).toEqual([1, 5]);
    expect(found).toEqual(["2.txt not-an-image", "0.png not-an-image", "3.png wrong-size"]);
  });

  it("throw at the first bad file where nobody wants to hear of it", async () => {
    const bad = await openImages(folderOf({ "0.png": await png(0, 2, 1), "1.png": "bad" }));
    await expect(collect(batches(bad, { batchSize: 2 }))).rejects.toMatchObject({
      code: "DATASETS_PROBLEMS",
      problems: [{ file: "1.png", kind: "not-an-image" }],
    });
    const stray = await openImages(folderOf({ "0.png": await png(0, 2, 1), "1.txt": "x" }));
    await expect(collect(batches(stray, { batchSize: 2 }))).rejects.toMatchObject({
      code: "DATASETS_PROBLEMS",
    });
  });

  it("stop reading when the consumer stops or the signal says so", async () => {
    const source = await openImages(await folderOfNumbered(60));
    let reads = 0;
    const counted: ImageSource = {
      ...source,
      read: (entry) => {
        reads++;
        return source.read(entry);
      },
    };
    const size = { expectedSize: { height: 1, width: 2 } };
    for await (const _ of batches(counted, { batchSize: 2, prefetch: 4, ...size })) break;
    expect(reads).toBeLessThanOrEqual(6);
    const controller = new AbortController();
    const consume = async () => {
      for await (const _ of batches(counted, {
        batchSize: 2,
        prefetch: 4,
        signal: controller.signal,
        ...size,
      })) {
        controller.abort(new Error("enough"));
      }
    };
    await expect(consume()).rejects.toThrow("enough");
    expect(reads).toBeLessThanOrEqual(12);
  });
});

it.each([0, -1, 1.5, Number.NaN])("a batch size of %d is refused", async (batchSize) => {
  await expect(collect(batches(numbered(3), { batchSize }))).rejects.toMatchObject({
    code: "DATASETS_INVALID_OPTION",
    exitCode: 2,
  });
});
