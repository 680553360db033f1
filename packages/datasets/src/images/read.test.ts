/** Whole folders and zips in one array. */

import { describe, expect, it } from "vitest";
import { folderOf, png, zipOf } from "../../test/image-files.ts";
import { openImages } from "./open.ts";
import { readImages } from "./read.ts";

describe("readImages", () => {
  it("gives the same array from a folder and a zip, and everything else as problems", async () => {
    const files = {
      "2.png": await png(2),
      "10.png": await png(10),
      "1.png": "no image",
      "3.png": await png(3, 5, 5),
      "notes.txt": "notes",
    };
    const zip = await zipOf(Object.entries(files).map(([name, content]) => ({ name, content })));
    for (const path of [folderOf(files), zip]) {
      const source = await openImages(path);
      const { problems, ...array } = await readImages(source);
      await source.close();
      expect(array).toEqual({
        images: Uint8Array.from({ length: 36 }, (_, i) => (i < 18 ? 2 : 10)),
        count: 2,
        height: 2,
        width: 3,
        channels: 3,
        names: ["2.png", "10.png"],
      });
      expect(problems.map(({ file, kind }) => [file, kind])).toEqual([
        ["notes.txt", "not-an-image"],
        ["1.png", "not-an-image"],
        ["3.png", "wrong-size"],
      ]);
    }
  });

  it("wants the expected size, not that of the first", async () => {
    const source = await openImages(folderOf({ "1.png": await png(1, 5, 5), "2.png": await png(2) }));
    const { names } = await readImages(source, { expectedSize: { height: 2, width: 3 } });
    expect(names).toEqual(["2.png"]);
  });

  it("refuses a folder without one good image, naming what is wrong", async () => {
    const source = await openImages(folderOf({ "1.png": "x", "2.png": await png(2), "3.txt": "x" }));
    const none = { code: "DATASETS_NO_IMAGES", problems: { length: 3 } };
    await expect(readImages(source, { expectedSize: { height: 9, width: 9 } })).rejects.toMatchObject(none);
    const bad = await openImages(folderOf({ "1.png": "x", "2.png": "y", "3.txt": "x" }));
    await expect(readImages(bad)).rejects.toMatchObject(none);
  });

  it("refuses what cannot fit in memory before it reads it", async () => {
    const source = await openImages(folderOf({ "1.png": await png(1) }));
    await expect(readImages(source, { expectedSize: { height: 40_000, width: 40_000 } })).rejects.toThrow(
      "expected images that fit in 2.0 GiB, found 4.5 GiB. Read them in batches.",
    );
  });
});
