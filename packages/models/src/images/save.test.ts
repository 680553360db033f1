import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeImage, type Image } from "@touchstone/datasets";
import { afterEach, beforeEach, expect, it } from "vitest";
import { encodePng, saveImages } from "./save.ts";

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

it("writes images as they come, in folders that it makes, and says how far it is", async () => {
  const work = saveImages(many(18), join(folder, "new", "one"), { total: 18 });
  const progress = [];
  let step = await work.next();
  for (; !step.done; step = await work.next()) progress.push(step.value);
  expect(step.value).toBe(18);
  expect(progress.map(({ done, total }) => [done, total])).toEqual([
    [16, 18],
    [18, 18],
  ]);
  const names = await readdir(join(folder, "new", "one"));
  expect(names.sort()).toEqual(many(18).map((_, i) => `${String(i).padStart(5, "0")}.png`));
  const last = await readFile(join(folder, "new", "one", "00017.png"));
  expect(new Uint8Array(last)).toEqual(new Uint8Array(await encodePng(image(17))));
});

it("takes names, and images from a generator", async () => {
  async function* two() {
    yield image(0);
    yield image(1);
  }
  const work = saveImages(two(), folder, { name: (i) => `${i}_a.png` });
  while (!(await work.next()).done);
  expect((await readdir(folder)).sort()).toEqual(["0_a.png", "1_a.png"]);
});

it("names the path where it cannot write", async () => {
  await writeFile(join(folder, "file"), "");
  const save = saveImages(many(2), join(folder, "file")).next();
  await expect(save).rejects.toMatchObject({ code: "MODELS_IMAGE_WRITE", exitCode: 2 });
  await expect(saveImages(many(1), join(folder, "file", "deep")).next()).rejects.toThrow(
    /file.deep.00000\.png/,
  );
});
