/** Prediction: every readable file in natural order, whatever its size; the others by name; and the files that are written. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { follow, type Progress } from "@touchstone/cli";
import { openImages, parseLabelTable, resizeBilinear } from "@touchstone/datasets";
import { generatorFromSeed, initialize, readCheckpoint, saveParams } from "@touchstone/nn";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dannSpecs, digitReaderSpecs, FEATURES, SIDE } from "./model.ts";
import { loadDann, type PredictOptions, predict } from "./predict.ts";
import { writeFeatures, writeLabels } from "./predictions.ts";
import { BATCH, dannReader } from "./reader.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const scratch = mkdtempSync(join(tmpdir(), "touchstone-dann-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const params = initialize(digitReaderSpecs, generatorFromSeed(0));

const pixels = (seed: number | string, side: number, channels: 1 | 3 = 3) =>
  Uint8Array.from(generatorFromSeed(seed).integers(side * side * channels, 256));
const png = (data: Uint8Array, side: number, channels: 1 | 3 = 3) =>
  sharp(data, { raw: { width: side, height: side, channels } })
    .png()
    .toBuffer();

async function read(folder: string, options: PredictOptions = {}, shown: Progress[] = []) {
  const source = await openImages(folder);
  try {
    return await follow(predict(source, params, options), { show: (p) => shown.push(p), end() {} });
  } finally {
    await source.close();
  }
}

describe("predict", () => {
  const folder = join(scratch, "mixed");
  beforeAll(async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "2.png"), await png(pixels(2, 28), 28));
    writeFileSync(join(folder, "10.png"), await png(pixels(10, 16, 1), 16, 1)); // as USPS has them
    writeFileSync(join(folder, "1.png"), await png(pixels(1, 32), 32)); // as SVHN has them
    writeFileSync(join(folder, "3.png"), (await png(pixels(3, 28), 28)).subarray(0, 300));
    writeFileSync(join(folder, "4.png"), "");
    writeFileSync(join(folder, "notes.txt"), "not an image");
  });

  it("labels what can be read in natural order, and names what cannot", async () => {
    const shown: Progress[] = [];
    const { names, labels, features, problems } = await read(folder, { features: true }, shown);
    expect(names).toEqual(["1.png", "2.png", "10.png"]);
    expect(labels).toHaveLength(3);
    expect(features).toHaveLength(3 * FEATURES);
    expect(problems.map(({ file }) => file).sort()).toEqual(["3.png", "4.png", "notes.txt"]);
    expect(shown.at(-1)).toMatchObject({ done: 4, total: 4 });
  });

  it("reads what the network reads of the pixels at 28 x 28 RGB", async () => {
    const gray = Uint8Array.from([...pixels(10, 16, 1)].flatMap((v) => [v, v, v]));
    const size = { height: SIDE, width: SIDE };
    const resized = [
      resizeBilinear({ height: 32, width: 32, channels: 3, data: pixels(1, 32) }, size).data,
      pixels(2, 28),
      resizeBilinear({ height: 16, width: 16, channels: 3, data: gray }, size).data,
    ];
    const reader = dannReader();
    const expected = await reader.read(params, Uint8Array.from(resized.flatMap((data) => [...data])), 3);
    const { labels, features } = await read(folder, { features: true });
    expect({ labels, features }).toEqual(expected);
    await reader.dispose();
  });

  it("keeps features on request alone", async () => {
    expect(await read(folder)).not.toHaveProperty("features");
  });

  it("stops with the signal's reason", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(read(folder, { signal })).rejects.toThrow("enough");
  });
});

it("what an image is read as depends on no other, also across batches", async () => {
  const count = BATCH + 5;
  const size = SIDE * SIDE * 3;
  const images = Uint8Array.from(generatorFromSeed("many").integers(count * size, 256));
  const reader = dannReader();
  const all = await reader.read(params, images, count);
  for (const i of [0, BATCH - 1, BATCH, count - 1]) {
    const alone = await reader.read(params, images.subarray(i * size, (i + 1) * size), 1);
    expect(alone.features).toEqual(all.features.subarray(i * FEATURES, (i + 1) * FEATURES));
    expect(alone.labels[0]).toBe(all.labels[i]);
  }
  await reader.dispose();
});

describe("writeLabels", () => {
  const table = (names: string[]) => ({ names, labels: Int32Array.from(names, (_, i) => i % 10) });

  it("writes the homework's table", async () => {
    const path = join(scratch, "plain.csv");
    await writeLabels(path, table(["00000.png", "00001.png"]));
    expect(readFileSync(path, "utf8")).toBe("image_name,label\n00000.png,0\n00001.png,1\n");
  });

  it("any name comes back", async () => {
    const path = join(scratch, "names.csv");
    const names = [
      "a,b.png",
      'say "x".png',
      "two\nlines.png",
      " space.png",
      "é.png",
      "\ufeffmark.png",
      "=1.png",
    ];
    await writeLabels(path, table(names));
    const read = parseLabelTable(readFileSync(path, "utf8"), path, { classes: 10 });
    expect(read.problems).toEqual([]);
    expect([...read.labels.keys()]).toEqual(names);
  });

  it("replaces a table at once and leaves nothing beside it", async () => {
    const folder = join(scratch, "replaced");
    mkdirSync(folder);
    const path = join(folder, "out.csv");
    writeFileSync(path, "old");
    await writeLabels(path, table(["a.png"]));
    expect(readdirSync(folder)).toEqual(["out.csv"]);
    expect(readFileSync(path, "utf8")).toContain("a.png,0");
  });

  it.each([
    ["a folder that is not there", () => join(scratch, "nowhere", "out.csv"), "ENOENT"],
    [
      "a folder in its place",
      () => {
        mkdirSync(join(scratch, "taken", "out.csv"), { recursive: true });
        return join(scratch, "taken", "out.csv");
      },
      "EISDIR",
    ],
  ])("refuses %s", async (_, path, code) => {
    const at = path();
    await expect(writeLabels(at, table(["a.png"]))).rejects.toThrow(
      `${at}: expected a place to write a table, found ${code}.`,
    );
  });
});

it("writeFeatures: features, labels and names come back", async () => {
  const path = join(scratch, "features.safetensors");
  const features = generatorFromSeed(3).uniform(2 * FEATURES);
  const sha256 = await writeFeatures(path, {
    names: ["a.png", "b.png"],
    labels: Int32Array.of(7, 1),
    features,
  });
  const checkpoint = await readCheckpoint(path);
  expect(checkpoint.sha256).toBe(sha256);
  expect(checkpoint.tensors.get("features")).toEqual({
    dtype: "float32",
    shape: [2, FEATURES],
    data: features,
  });
  expect(checkpoint.tensors.get("labels")).toEqual({ dtype: "int32", shape: [2], data: Int32Array.of(7, 1) });
  expect(readFileSync(path, "latin1")).toContain('[\\"a.png\\",\\"b.png\\"]');
});

it("loadDann: what was saved comes back; another network is refused by name", async () => {
  const whole = initialize(dannSpecs, generatorFromSeed(1));
  const path = join(scratch, "dann.safetensors");
  await saveParams(path, whole);
  const loaded = loadDann(await readCheckpoint(path));
  expect(Object.keys(loaded)).toEqual(Object.keys(dannSpecs));
  for (const name of ["feature_extractor.1.weight", "domain_classifier.4.weight"]) {
    expect(await loaded[name]!.data()).toEqual(await whole[name]!.data());
  }
  const tensors = new Map([
    ["conv1.weight", { dtype: "float32" as const, shape: [1], data: new Float32Array(1) }],
  ]);
  expect(() => loadDann({ path: "other.pth", tensors })).toThrow(
    /other\.pth.*does not fit[\s\S]*feature_extractor\.1\.weight/,
  );
});
