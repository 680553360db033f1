/** The formats in which data sets are published, read from small archives that SciPy and Python's own modules wrote. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { collect, folderOf } from "../../test/image-files.ts";
import { bunzip2 } from "./bzip2.ts";
import { parseMat } from "./mat.ts";
import { readMnistMArchive } from "./mnist-m-archive.ts";
import { readSvhn } from "./svhn.ts";
import { tarFiles } from "./tar.ts";
import { parseUsps, readUsps } from "./usps.ts";

const FOLDER = new URL("../../../../fixtures/golden/datasets/", import.meta.url);
const path = (file: string) => fileURLToPath(new URL(file, FOLDER));
const bytes = (file: string) => readFileSync(path(file));
const golden = JSON.parse(readFileSync(path("golden.json"), "utf8"));
const sha256 = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");

const damaged = (file: string, change: (content: Buffer) => Buffer) =>
  join(folderOf({ [file]: change(bytes(file)) }), file);
const flipped = (at: number) => (content: Buffer) => {
  content[at < 0 ? content.length + at : at]! ^= 0xff;
  return content;
};

describe("SVHN", () => {
  it.each(["svhn.mat", "svhn-uncompressed.mat"])("%s: images in rows, a 10 is a 0", async (file) => {
    const { images, labels, count, height, width } = await readSvhn(path(file));
    expect([count, height, width, 3]).toEqual(golden.svhn.images.shape);
    expect(sha256(images)).toBe(golden.svhn.images.sha256);
    expect([...labels]).toEqual(golden.svhn.labels);
  });

  it("reads a part of the images", async () => {
    const all = await readSvhn(path("svhn.mat"));
    const part = await readSvhn(path("svhn.mat"), 1, 3);
    expect(part.count).toBe(2);
    expect([...part.labels]).toEqual([...all.labels.subarray(1)]);
    expect(Buffer.from(part.images).equals(all.images.subarray(32 * 32 * 3))).toBe(true);
  });

  it.each([
    ["nothing", () => Buffer.alloc(0), /a MATLAB 5 file, found 0 bytes/],
    [
      "MATLAB 7.3, which is HDF5",
      () => Buffer.from("MATLAB 7.3 MAT-file".padEnd(200)),
      /found "MATLAB 7.3 MAT-file"/,
    ],
    ["half of it", (b: Buffer) => b.subarray(0, b.length / 2), /the end before its end/],
    ["damaged data", flipped(3000), /sound compressed data/],
    ["no arrays", (b: Buffer) => b.subarray(0, 128), /X of uint8 \[32, 32, 3, n\].*found X of \[undefined\]/],
  ])("refuses %s", async (_, change, message) => {
    await expect(readSvhn(damaged("svhn.mat", change))).rejects.toThrow(message);
  });

  it("passes over what is no array of numbers", () => {
    const content = bytes("svhn-uncompressed.mat");
    content[128 + 16] = 4; // The class of X: text.
    expect([...parseMat(content, "x.mat").keys()]).toEqual(["y"]);
  });
});

describe("USPS", () => {
  it("reads digits, rounded to uint8; 10 is 9", async () => {
    const { images, labels, height, width } = await readUsps(path("usps.bz2"));
    expect([labels.length, height, width]).toEqual(golden.usps.images.shape);
    expect(sha256(images)).toBe(golden.usps.images.sha256);
    expect([...labels]).toEqual(golden.usps.labels);
  });

  it("takes pixels that are not named for 0, as LIBSVM's format has it, and empty lines for nothing", () => {
    const { images, labels } = parseUsps("3 2:1 256:-1\n\n", "usps");
    expect([...labels]).toEqual([2]);
    expect([images[0], images[1], images[255]]).toEqual([128, 255, 0]);
  });

  it.each([
    ["0 1:1", /usps, line 1: expected a label from 1 to 10, found "0"/],
    ["11 1:1", /a label from 1 to 10/],
    ["x", /found "x"/],
    ["1 257:0", /a pixel from 1 to 256.*found "257:0"/],
    ["1 0:0", /a pixel/],
    ["1 1:1.01", /in \[-1, 1\]/],
    ["1 1:nan", /found "1:nan"/],
    ["1 1", /found "1"/],
  ])("refuses %j", (line, message) => {
    expect(() => parseUsps(line, "usps")).toThrow(message);
  });
});

describe("bzip2", () => {
  const text = () => bytes("usps.bz2");

  it.each(golden.bzip2 as { name: string; compressed: string; length: number; sha256: string }[])(
    "$name",
    (c) => {
      const content = bunzip2(Buffer.from(c.compressed, "base64"), "file");
      expect(content.length).toBe(c.length);
      expect(sha256(content)).toBe(c.sha256);
    },
  );

  it.each([
    ["nothing", Buffer.alloc(0), /more bits, found the end/],
    ["another format", Buffer.from("PK\x03\x04...."), /a bzip2 file/],
    ["an impossible block size", Buffer.from("BZh0...."), /a bzip2 file/],
    ["a file without its end", text().subarray(0, 1000), /more bits, found the end/],
    ["what follows the end", Buffer.concat([text(), Buffer.from("rest of it")]), /a bzip2 file/],
    ["another block checksum", flipped(10)(text()), /the checksum it states/],
    ["another checksum of the whole", flipped(-3)(text()), /the checksum it states/],
  ])("refuses %s", (_, content, message) => {
    expect(() => bunzip2(content, "file")).toThrow(message);
  });

  it("refuses any damage, and always ends", () => {
    const content = text();
    for (let at = 4; at < content.length; at += 53) {
      expect(() => bunzip2(flipped(at)(Buffer.from(content)), "file"), `byte ${at}`).toThrow(
        /^file: expected/,
      );
    }
  });
});

describe("MNIST-M", () => {
  it.each(["train", "test"] as const)(
    "%s: the middle of each image, in the order of the list",
    async (split) => {
      const { images, labels, names, count, height, width } = await readMnistMArchive(
        path("mnist_m.tar.gz"),
        split,
      );
      expect([count, height, width, 3]).toEqual(golden.mnistM[split].images.shape);
      expect(names).toEqual(golden.mnistM[split].names);
      expect([...labels]).toEqual(golden.mnistM[split].labels);
      expect(sha256(images)).toBe(golden.mnistM[split].images.sha256);
    },
  );

  const replaced = (from: string, to: string) => (content: Buffer) => {
    const tar = gunzipSync(content).toString("latin1");
    return gzipSync(Buffer.from(tar.replace(from, to), "latin1"));
  };
  it.each([
    [
      "a label that is none",
      replaced("\x0000000001.png", "\x0000000001 png"),
      /the name of an image and its label/,
    ],
    [
      "a list with an image that is not there",
      replaced("\x0000000001.png", "\x0000000009.png"),
      /"00000009.png/,
    ],
    ["a damaged header", replaced("ustar", "USTAR"), /a tar header with the checksum it states/],
    [
      "an archive that ends early",
      (b: Buffer) => gzipSync(gunzipSync(b).subarray(0, 4000)),
      /the end of the archive/,
    ],
    ["one without the split", () => gzipSync(Buffer.alloc(1024)), /mnist_m_test_labels.txt in the archive/],
  ])("refuses %s", async (_, change, message) => {
    await expect(readMnistMArchive(damaged("mnist_m.tar.gz", change), "test")).rejects.toThrow(message);
  });

  it("is read from pieces of any size", async () => {
    const tar = gunzipSync(bytes("mnist_m.tar.gz"));
    for (const size of [1, 511, 5000, tar.length]) {
      async function* pieces() {
        for (let at = 0; at < tar.length; at += size) yield tar.subarray(at, at + size);
      }
      const files = await collect(tarFiles(pieces(), "file", (name) => name.endsWith(".txt")));
      expect(files.map(({ name }) => name)).toEqual([
        "mnist_m/mnist_m_train_labels.txt",
        "mnist_m/mnist_m_test_labels.txt",
      ]);
      expect(files[1]!.data.toString()).toMatch(/^00000001\.png \d\n00000000\.png \d\n$/);
    }
  });
});
