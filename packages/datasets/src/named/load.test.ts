/** Data sets by name: where they are looked for, what they look like, and what is said when they are not there. */

import { join } from "node:path";
import { generatorFromSeed } from "@touchstone/nn";
import { describe, expect, it, vi } from "vitest";
import { DATA, sharedData } from "../../../nn/test/shared-data.ts";
import { digitFiles, emptyCache, writeFiles } from "../../test/homework.ts";
import { png, temporaryFolder } from "../../test/image-files.ts";
import { loadDataset } from "./load.ts";

const generator = generatorFromSeed(0);

describe("digits of a data folder", () => {
  it("are brought to 28x28 RGB, with their names and labels", async () => {
    emptyCache();
    const data = writeFiles(temporaryFolder(), await digitFiles("usps/val", 3, 16));
    const set = await loadDataset("usps/val", { data });
    expect(set).toMatchObject({ name: "usps/val", count: 3, height: 28, width: 28, channels: 3 });
    expect(set.names).toEqual(["00000.png", "00001.png", "00002.png"]);
    expect([...set.labels]).toEqual([0, 1, 2]);
    const pixels = 28 * 28 * 3;
    expect([0, 1, 2].map((i) => [...new Set(set.images.subarray(i * pixels, (i + 1) * pixels))])).toEqual([
      [10],
      [11],
      [12],
    ]);
  });

  it("keep the size that is asked for", async () => {
    emptyCache();
    const data = writeFiles(temporaryFolder(), await digitFiles("svhn/val", 1, 32));
    expect(await loadDataset("svhn/val", { data, size: 32 })).toMatchObject({ height: 32, width: 32 });
    await expect(loadDataset("svhn/val", { data, size: 0 })).rejects.toThrow(
      /size: expected an integer from 1/,
    );
  });

  it("are found in hw2_data, or where TOUCHSTONE_DATA says", async () => {
    emptyCache();
    const data = temporaryFolder();
    writeFiles(join(data, "hw2_data"), await digitFiles("svhn/val", 2, 32));
    vi.stubEnv("TOUCHSTONE_DATA", data);
    expect((await loadDataset("svhn/val")).count).toBe(2);
  });

  it("are looked for in the data folder before the cache", async () => {
    const cache = emptyCache();
    writeFiles(join(cache, "datasets/hw2_data"), await digitFiles("svhn/val", 2, 32));
    expect((await loadDataset("svhn/val")).count).toBe(2);
    const data = writeFiles(temporaryFolder(), await digitFiles("svhn/val", 1, 32));
    expect((await loadDataset("svhn/val", { data })).count).toBe(1);
  });

  it.each([
    [
      "a label that is none",
      "digits/usps/val.csv",
      "image_name,label\n00000.png,0\n00001.png,10\n",
      /val\.csv:3.*from 0 to 9, found "10"/s,
    ],
    [
      "an image without a label",
      "digits/usps/val.csv",
      "image_name,label\n00000.png,0\n",
      /00001\.png: expected a label/,
    ],
    [
      "a row without its image",
      "digits/usps/val.csv",
      "image_name,label\n00000.png,0\n00001.png,1\n7.png,1\n",
      /7\.png, which is not there/,
    ],
    ["a file that is no image", "digits/usps/val/00001.png", "text", /00001\.png: expected PNG/],
    ["an empty image", "digits/usps/val/00001.png", "", /00001\.png: expected an image, found 0 bytes/],
  ])("are refused with %s", async (_, file, content, message) => {
    emptyCache();
    const data = writeFiles(temporaryFolder(), { ...(await digitFiles("usps/val", 2, 16)), [file]: content });
    await expect(loadDataset("usps/val", { data })).rejects.toThrow(message);
  });

  it("are refused without their table, or with images of several sizes", async () => {
    emptyCache();
    const { "digits/usps/val.csv": table, ...images } = await digitFiles("usps/val", 2, 16);
    const data = writeFiles(temporaryFolder(), images);
    await expect(loadDataset("usps/val", { data })).rejects.toThrow(/val\.csv: expected a file/);
    writeFiles(data, { "digits/usps/val.csv": table!, "digits/usps/val/00001.png": await png(1, 28, 28) });
    await expect(loadDataset("usps/val", { data })).rejects.toThrow(/expected 16x16 pixels, found 28x28/);
  });
});

describe("faces", () => {
  it("are the middle 64x64 pixels of 89x109, from row 22 and column 12", async () => {
    emptyCache();
    const frame = await png(200, 89, 109);
    const data = writeFiles(temporaryFolder(), {
      "face/train/00000.png": frame,
      "face/val/1.png": await png(7, 64, 64),
    });
    expect(await loadDataset("faces/train", { data })).toMatchObject({
      name: "faces/train",
      count: 1,
      height: 64,
      width: 64,
    });
    expect(await loadDataset("faces/val", { data })).toMatchObject({
      count: 1,
      height: 64,
      width: 64,
      names: ["1.png"],
    });
  });

  it("must be large enough for that", async () => {
    emptyCache();
    const data = writeFiles(temporaryFolder(), { "face/val/1.png": await png(7, 63, 70) });
    await expect(loadDataset("faces/val", { data })).rejects.toThrow(/at least 64x64 pixels, found 63x70/);
  });
});

describe("mnist-m/train", () => {
  it("is made where it is not there, and says of what", async () => {
    emptyCache();
    const data = writeFiles(temporaryFolder(), { "bsds500/a.png": await png(50, 40, 40) });
    const made = await loadDataset("mnist-m/train", { data, generator });
    expect(made).toMatchObject({
      name: "mnist-m/train (photographs: bsds500)",
      count: 60_000,
      height: 28,
      width: 28,
    });
    expect(new Set(made.images.subarray(0, 100_000))).toEqual(new Set([50, 205]));
    const { name } = await loadDataset("mnist-m/train", { generator });
    expect(name).toBe("mnist-m/train (procedural textures)");
  });

  it("is the homework's where that is there, unless photographs are asked for", async () => {
    emptyCache();
    const data = writeFiles(temporaryFolder(), await digitFiles("mnistm/train", 2, 28));
    expect(await loadDataset("mnist-m/train", { data })).toMatchObject({
      name: "mnist-m/train (homework)",
      count: 2,
    });
    const photographs = writeFiles(temporaryFolder(), { "a.png": await png(50, 40, 40) });
    expect((await loadDataset("mnist-m/train", { data, photographs, generator })).count).toBe(60_000);
  });

  it("needs a generator to be made", async () => {
    emptyCache();
    await expect(loadDataset("mnist-m/train")).rejects.toThrow(/generator: expected a seeded generator/);
  });
});

describe("what is not there", () => {
  it("is said to be missing, with what to type", async () => {
    const cache = emptyCache();
    await expect(loadDataset("usps/val")).rejects.toMatchObject({
      code: "DATASETS_MISSING",
      exitCode: 2,
      message: `usps/val: expected it in the cache ${join(cache, "datasets")}, found it in none of them. Get it with pnpm data pull usps; or pnpm data import usps PATH, where you have it; or --data DIR (or TOUCHSTONE_DATA), a folder in the homework's layout that has it.`,
    });
    await expect(loadDataset("faces/val")).rejects.toThrow(/Get it with pnpm data import faces PATH/);
    await expect(loadDataset("svhn-full/test")).rejects.toThrow(/Get it with pnpm data pull svhn-full\.$/);
  });

  it.each(["usps/test", "usps", "", "__proto__", "constructor"])("%j is no data set", async (name) => {
    emptyCache();
    await expect(loadDataset(name as "usps/val")).rejects.toMatchObject({ code: "DATASETS_UNKNOWN" });
  });

  it("a data folder must be one", async () => {
    emptyCache();
    const data = writeFiles(temporaryFolder(), { file: "" });
    const refused = { code: "DATASETS_NO_DATA_FOLDER", exitCode: 2 };
    await expect(loadDataset("usps/val", { data })).rejects.toMatchObject(refused);
    await expect(loadDataset("usps/val", { data: join(data, "file") })).rejects.toThrow(
      /found something else/,
    );
    await expect(loadDataset("usps/val", { data: join(data, "nothing") })).rejects.toThrow(
      /found nothing there/,
    );
  });
});

// As shared/data/README.md counts them.
const real = sharedData("hw2_data");
describe.skipIf(real.absent)(`the homework's real data${real.note}`, () => {
  it("svhn/val: 2,000 digits", async () => {
    expect(await loadDataset("svhn/val", { data: DATA })).toMatchObject({ count: 2_000, height: 28 });
  });

  it("usps/val: 2,007 digits, of each class as many as its description says", async () => {
    const { labels, height } = await loadDataset("usps/val", { data: DATA });
    const perClass = Array.from(
      { length: 10 },
      (_, digit) => labels.filter((label) => label === digit).length,
    );
    // zip.info of "The Elements of Statistical Learning".
    expect(perClass).toEqual([359, 264, 198, 166, 200, 160, 170, 147, 166, 177]);
    expect(height).toBe(28);
  });

  it("faces/val: 2,025 faces", async () => {
    expect(await loadDataset("faces/val", { data: DATA })).toMatchObject({
      count: 2_025,
      height: 64,
      width: 64,
    });
  });
});
