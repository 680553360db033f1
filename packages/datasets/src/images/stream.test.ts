/** That bad files come as problems in their places, and that memory stays bounded. */

import { describe, expect, it } from "vitest";
import { collect, folderOf, golden, png } from "../../test/image-files.ts";
import { openImages } from "./open.ts";
import { resizeBilinear } from "./resize.ts";
import { type ImageSource, LIMITS } from "./source.ts";
import { type ImageResult, streamImages } from "./stream.ts";

const expectedSize = { height: 2, width: 3 };
const brief = (results: ImageResult[]) =>
  results.map(({ name, image, problem }) => [name, image?.data[0] ?? problem?.kind]);

describe("streamImages", () => {
  it("gives images and problems in natural order", async () => {
    const source = await openImages(
      folderOf({
        "1.png": await png(1),
        "2.png": "no image",
        "3.png": (await png(3)).subarray(0, 50),
        "10.png": await png(10),
        "11.png": await png(11, 4, 2),
        "12.png": golden("rgb-420.jpg"),
      }),
      { limits: { pixels: 100 } },
    );
    const all = await collect(streamImages(source));
    expect(all.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(brief(all)).toEqual([
      ["1.png", 1],
      ["2.png", "not-an-image"],
      ["3.png", "truncated"],
      ["10.png", 10],
      ["11.png", 11],
      ["12.png", "too-many-pixels"],
    ]);
    const sized = await collect(streamImages(source, { expectedSize, order: [4, 0] }));
    expect(brief(sized)).toEqual([
      ["11.png", "wrong-size"],
      ["1.png", 1],
    ]);
    expect(sized[0]!.problem!.message).toBe("expected 3x2 pixels, found 4x2");
    const resized = await collect(streamImages(source, { expectedSize, resize: resizeBilinear, order: [4] }));
    expect(resized[0]!.image).toMatchObject({ height: 2, width: 3, data: { length: 18 } });
  });

  it("files that vanish are problems, a fault of our own is thrown", async () => {
    const source = await openImages(folderOf({ "1.png": await png(1) }));
    const vanished = { ...source, entries: [...source.entries, { name: "2.png", size: 1 }] };
    expect(brief(await collect(streamImages(vanished)))).toEqual([
      ["1.png", 1],
      ["2.png", "unreadable"],
    ]);
    const faulty = { ...source, read: () => Promise.reject(new Error("our fault")) };
    await expect(collect(streamImages(faulty))).rejects.toThrow("our fault");
  });

  it("holds at most `prefetch` images", async () => {
    const file = await png(7);
    const count = { held: 0, most: 0 };
    const source: ImageSource = {
      path: "counted",
      kind: "folder",
      entries: Array.from({ length: 40 }, (_, i) => ({ name: `${i}.png`, size: file.length })),
      problems: [],
      limits: LIMITS,
      read: async () => {
        count.most = Math.max(count.most, ++count.held);
        return file;
      },
      close: async () => {},
    };
    for (const prefetch of [1, 5]) {
      Object.assign(count, { held: 0, most: 0 });
      for await (const _ of streamImages(source, { prefetch })) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        count.held--;
      }
      expect(count.most).toBe(prefetch);
    }
  });

  it("refuses options that cannot be", async () => {
    const source = await openImages(folderOf({ "1.png": await png(1) }));
    for (const options of [{ prefetch: 0 }, { prefetch: 1.5 }, { resize: resizeBilinear }, { order: [1] }]) {
      await expect(collect(streamImages(source, options))).rejects.toMatchObject({
        code: "DATASETS_INVALID_OPTION",
      });
    }
  });

  it("stops when it is told to", async () => {
    const source = await openImages(folderOf({ "1.png": await png(1), "2.png": await png(2) }));
    await expect(collect(streamImages(source, { signal: AbortSignal.abort() }))).rejects.toThrow(/abort/i);
  });
});
