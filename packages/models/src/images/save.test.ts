import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { follow } from "@touchstone/cli";
import { decodeImage, type Image } from "@touchstone/datasets";
import sharp from "sharp";
import { afterEach, beforeEach, expect, it } from "vitest";
import { missingImages } from "./missing.ts";
import { type Origin, originOf } from "./origin.ts";
import type { Sampling } from "./sampled.ts";
import { encodePng, saveImage, saveImages } from "./save.ts";

const quiet = { show() {}, end() {} };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "touchstone-save-"));
});
afterEach(() => rm(folder, { recursive: true }));

function image(seed: number): Image {
  const data = Uint8Array.from({ length: 5 * 4 * 3 }, (_, i) => (i * i + 37 * seed) % 256);
  return { height: 5, width: 4, channels: 3, data };
}
const many = (count: number) => Array.from({ length: count }, (_, i) => image(i));

it("a PNG holds the pixels, and the same pixels are the same bytes", async () => {
  const png = await encodePng(image(3));
  expect(await encodePng(image(3))).toEqual(png);
  expect(await decodeImage(png)).toEqual(image(3));
});

/** Batches of two. */
async function* sampling(count: number): Sampling {
  const images = many(count).map((image, i) => ({ ...image, name: `${i}.png` }));
  for (let i = 0; i < count; i += 2) {
    yield { label: "making", done: i, total: count, unit: "images", images: images.slice(i, i + 2) };
  }
}
const ORIGIN = { model: "dcgan", seed: 1 };
const names = (count: number) => Array.from({ length: count }, (_, i) => `${i}.png`);

it("writes images as they are made, with their origin, in folders that it makes", async () => {
  const out = join(folder, "new", "one");
  const work = saveImages(sampling(5), out, ORIGIN);
  const first = await work.next();
  expect(first.value).toEqual({ label: "making", done: 0, total: 5, unit: "images" });
  expect(await readdir(out)).toEqual(["0.png", "1.png"]);
  expect(await follow(work, quiet)).toBe(5);
  expect((await readdir(out)).sort()).toEqual(names(5));
  const png = await readFile(join(out, "4.png"));
  expect(await decodeImage(png)).toEqual(image(4));
  expect(originOf(png)).toEqual(ORIGIN);
  // Python's PIL and every other reader go by the CRC.
  expect(await sharp(png).metadata()).toMatchObject({
    comments: [{ keyword: "touchstone", text: JSON.stringify(ORIGIN) }],
  });
});

it("interrupted, it has written all that was made, and the others are what is missing", async () => {
  const controller = new AbortController();
  const show = ({ done }: { done: number }) => {
    if (done === 2) controller.abort();
  };
  const work = saveImages(sampling(6), folder, ORIGIN, controller.signal);
  expect(await follow(work, { show, end() {} })).toBe(4);
  expect((await readdir(folder)).sort()).toEqual(names(4));
  expect(await missingImages(folder, names(6), ORIGIN)).toEqual(new Set(["4.png", "5.png"]));
  expect(await missingImages(join(folder, "none"), names(1), ORIGIN)).toEqual(new Set(["0.png"]));
});

it("an image that a killed process left broken off is missing, too", async () => {
  await follow(saveImages(sampling(2), folder, ORIGIN), quiet);
  const png = await readFile(join(folder, "0.png"));
  for (const length of [0, 5, 40, 60, png.length - 1]) {
    await writeFile(join(folder, "0.png"), png.subarray(0, length));
    expect(await missingImages(folder, names(2), ORIGIN)).toEqual(new Set(["0.png"]));
  }
});

it("refuses another image, or another file, under a name that it needs", async () => {
  await follow(saveImages(sampling(2), folder, ORIGIN), quiet);
  const check = (origin: Origin) => missingImages(folder, names(2), origin);
  await expect(check({ ...ORIGIN, seed: 2, steps: 20 })).rejects.toMatchObject({
    code: "MODELS_OTHER_IMAGE",
    exitCode: 2,
    message: expect.stringMatching(
      /0\.png: expected nothing, or .* found one with seed 1, not 2; with steps none, not 20\. /,
    ),
  });
  for (const other of [
    await encodePng(image(0)),
    "text",
    "\x89PNG\r\n\x1a\nand no more, though it is longer than a head",
  ]) {
    await writeFile(join(folder, "1.png"), other);
    await expect(check(ORIGIN)).rejects.toThrow(/1\.png: .* found another file\. Choose another folder/);
  }
});

it("names the path where it cannot write or read", async () => {
  await writeFile(join(folder, "file"), "");
  const save = follow(saveImages(sampling(2), join(folder, "file"), ORIGIN), quiet);
  await expect(save).rejects.toMatchObject({ code: "MODELS_IMAGE_WRITE", exitCode: 2 });
  await expect(saveImage(join(folder, "file", "deep", "1.png"), image(0))).rejects.toThrow(
    /file.deep.1\.png/,
  );
  await expect(missingImages(join(folder, "file"), names(1), ORIGIN)).rejects.toThrow(
    /file: .* found ENOTDIR/,
  );
  await mkdir(join(folder, "0.png"));
  await expect(missingImages(folder, names(1), ORIGIN)).rejects.toThrow(/0\.png: .* found EISDIR/);
});
