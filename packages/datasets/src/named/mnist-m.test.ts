/** Making MNIST-M, and that the published one was made that way. */

import { createHash } from "node:crypto";
import { generatorFromSeed } from "@touchstone/nn";
import { describe, expect, it } from "vitest";
import { sharedData } from "../../../nn/test/shared-data.ts";
import { folderOf, png } from "../../test/image-files.ts";
import type { Image } from "../types.ts";
import { mnistMBackgrounds } from "./backgrounds.ts";
import type { GrayDigits } from "./digits.ts";
import { readHomeworkDigits } from "./homework.ts";
import { mnistDigits } from "./mnist.ts";
import { composeMnistM } from "./mnist-m.ts";
import { proceduralTextures } from "./textures.ts";

const PIXELS = 28 * 28;
/** Two digits: one without ink, and one of which every pixel has some. */
const digits: GrayDigits = {
  images: Uint8Array.from({ length: 2 * PIXELS }, (_, i) => (i < PIXELS ? 0 : 1 + (i % 255))),
  labels: Int32Array.from([4, 7]),
  height: 28,
  width: 28,
};
const plain = (value: number, height = 28, width = 28): Image => ({
  height,
  width,
  channels: 3,
  data: new Uint8Array(height * width * 3).fill(value),
});

describe("composeMnistM", () => {
  it("inverts the background where there is ink, and leaves it elsewhere", () => {
    const set = composeMnistM(digits, { name: "gray", images: [plain(60)] }, generatorFromSeed(0));
    expect(set).toMatchObject({ name: "mnist-m (gray)", count: 2, height: 28, width: 28, channels: 3 });
    expect([...set.labels]).toEqual([4, 7]);
    expect(set.images.subarray(0, 3 * PIXELS).every((v) => v === 60)).toBe(true);
    expect(set.images.subarray(3 * PIXELS).every((v) => v === 195)).toBe(true);
  });

  it("crops backgrounds at random, corners included", () => {
    // Each pixel says where it is: a crop begins with its own corner.
    const place: Image = {
      ...plain(0, 30, 31),
      data: Uint8Array.from({ length: 30 * 31 * 3 }, (_, i) => Math.floor(i / 3) % 31),
    };
    const rows: Image = {
      ...plain(0, 30, 31),
      data: Uint8Array.from({ length: 30 * 31 * 3 }, (_, i) => Math.floor(i / 93)),
    };
    const blank: GrayDigits = {
      images: new Uint8Array(200 * PIXELS),
      labels: new Int32Array(200),
      height: 28,
      width: 28,
    };
    const corners = (image: Image) => {
      const { images } = composeMnistM(blank, { name: "", images: [image] }, generatorFromSeed(1));
      return [...new Set(Array.from({ length: 200 }, (_, i) => images[i * PIXELS * 3]!))].sort();
    };
    expect(corners(place)).toEqual([0, 1, 2, 3]);
    expect(corners(rows)).toEqual([0, 1, 2]);
  });

  it("draws the same images from the same generator, and others from another", () => {
    const noise = {
      ...plain(0, 200, 200),
      data: Uint8Array.from(generatorFromSeed(3).integers(200 * 200 * 3, 256)),
    };
    const backgrounds = { name: "noise", images: [noise] };
    const make = (epoch: number) =>
      composeMnistM(digits, backgrounds, generatorFromSeed(5).split(epoch)).images;
    expect(Buffer.from(make(0)).equals(make(0))).toBe(true);
    expect(Buffer.from(make(0)).equals(make(1))).toBe(false);
  });

  it("refuses backgrounds that are too small", () => {
    const small = { name: "", images: [plain(0, 28, 27)] };
    expect(() => composeMnistM(digits, small, generatorFromSeed(0))).toThrow(
      /at least 28x28 pixels, found 27x28/,
    );
  });
});

describe("mnistMBackgrounds", () => {
  const generator = generatorFromSeed(0);

  it("are the photographs of a folder, which they name", async () => {
    const photographs = folderOf({ "a.png": await png(9, 40, 30), "b.png": await png(8, 28, 50) });
    const { name, images } = await mnistMBackgrounds({ photographs, generator });
    expect(name).toMatch(/^photographs: touchstone-/);
    expect(images.map(({ height, width }) => [height, width])).toEqual([
      [30, 40],
      [50, 28],
    ]);
  });

  it("refuse a folder with anything wrong in it", async () => {
    const photographs = folderOf({ "a.png": await png(9, 40, 30), "b.png": "nothing" });
    await expect(mnistMBackgrounds({ photographs, generator })).rejects.toThrow(/b\.png/);
  });
});

describe("procedural textures", () => {
  const pixelsHash = (data: Uint8Array) => createHash("md5").update(data).digest("hex");
  const { name, images } = proceduralTextures(generatorFromSeed(0));

  it("say that they are none of photographs, and are the same for the same seed", () => {
    expect(name).toBe("procedural textures");
    const again = proceduralTextures(generatorFromSeed(0)).images;
    expect(images.every(({ data }, i) => Buffer.from(data).equals(again[i]!.data))).toBe(true);
    expect(new Set(images.map(({ data }) => pixelsHash(data))).size).toBe(images.length);
  });

  it("have neighbours that are alike, and parts that are not, as photographs do", () => {
    const all = images.slice(0, 20).flatMap(({ data }) => [...data]);
    const mean = all.reduce((a, b) => a + b, 0) / all.length;
    const variance = all.reduce((a, b) => a + (b - mean) ** 2, 0) / all.length;
    const along =
      all.slice(3).reduce((sum, v, i) => sum + (v - mean) * (all[i]! - mean), 0) / all.length / variance;
    // Neighbours in natural images correlate by some 0.9 to 0.97.
    expect(along).toBeGreaterThan(0.85);
    expect(Math.sqrt(variance)).toBeGreaterThan(40);
  });
});

const real = sharedData("hw2_data/digits/mnistm/test");
it.skipIf(real.absent)(
  `the published digits invert the photograph where MNIST has any ink${real.note}`,
  async () => {
    const published = await readHomeworkDigits(real.path);
    const { images: ink, labels } = await mnistDigits("test");
    // Image n is MNIST's test digit n.
    expect([...published.labels]).toEqual([...labels.subarray(0, published.count)]);

    // Where the background is plain, and no middle gray, how far did each pixel go from it to its inverse?
    const inversions = { none: [] as number[], pale: [] as number[], dark: [] as number[] };
    for (let i = 0; i < published.count; i++) {
      const digit = ink.subarray(i * PIXELS, (i + 1) * PIXELS);
      const red = Array.from(digit, (_, at) => published.images[(i * PIXELS + at) * 3]!);
      const outside = red.filter((_, at) => digit[at] === 0);
      const mean = outside.reduce((a, b) => a + b, 0) / outside.length;
      const deviation = Math.sqrt(outside.reduce((a, b) => a + (b - mean) ** 2, 0) / outside.length);
      if (deviation > 8 || Math.abs(255 - 2 * mean) < 100) continue;
      for (const [at, value] of red.entries()) {
        const kind = digit[at] === 0 ? "none" : digit[at]! < 64 ? "pale" : "dark";
        inversions[kind].push((value - mean) / (255 - 2 * mean));
      }
    }
    const share = (values: number[]) => values.filter((v) => v > 0.5).length / values.length;
    expect(inversions.pale.length).toBeGreaterThan(10_000);
    expect(share(inversions.none)).toBeLessThan(0.001);
    expect(share(inversions.pale)).toBeGreaterThan(0.999);
    expect(share(inversions.dark)).toBeGreaterThan(0.999);
  },
);
