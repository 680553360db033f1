import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DETECTOR_WEIGHTS } from "../detector/open-face-detector.ts";
import { CorruptWeightsError, MissingWeightsError } from "../errors.ts";
import { modelFolder, readWeights } from "./read-weights.ts";

const MANIFEST = "tiny_face_detector_model-weights_manifest.json";
const BINARY = "tiny_face_detector_model.bin";

let folder: string;
let manifest: Buffer;
let binary: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "touchstone-faces-"));
  manifest = await readFile(join(modelFolder(), MANIFEST));
  binary = await readFile(join(modelFolder(), BINARY));
});
afterAll(() => rm(folder, { recursive: true }));

it("a stored byte stands for scale times itself plus min", async () => {
  const params = await readWeights(DETECTOR_WEIGHTS);
  const filters = params["conv0/filters"]!;
  expect(filters.shape).toEqual([3, 3, 3, 16]);
  const stored = [...binary.subarray(0, filters.size)];
  const meant = stored.map((byte) => Math.fround(byte * 0.009007044399485869 - 1.2069439495311063));
  expect([...(await filters.data())]).toEqual(meant);
  tf.dispose(params);
});

describe("refuses, naming the file", () => {
  it("weights that are not there", async () => {
    await writeFile(join(folder, MANIFEST), manifest);
    const reading = readWeights(DETECTOR_WEIGHTS, folder);
    await expect(reading).rejects.toThrow(MissingWeightsError);
    await expect(reading).rejects.toMatchObject({
      code: "FACES_MISSING_WEIGHTS",
      exitCode: 4,
      message: expect.stringMatching(/tiny_face_detector_model\.bin: .* found nothing there/),
    });
  });

  it.each([
    ["a flipped bit", () => Buffer.from(binary).fill(binary[1000]! ^ 1, 1000, 1001)],
    ["a file cut short", () => binary.subarray(0, 100_000)],
    ["an empty file", () => Buffer.alloc(0)],
  ])("%s", async (_, damaged) => {
    await writeFile(join(folder, MANIFEST), manifest);
    await writeFile(join(folder, BINARY), damaged());
    const reading = readWeights(DETECTOR_WEIGHTS, folder);
    await expect(reading).rejects.toThrow(CorruptWeightsError);
    await expect(reading).rejects.toThrow(/tiny_face_detector_model\.bin: expected SHA-256 b904a799/);
  });

  it("a manifest of other scales", async () => {
    await writeFile(join(folder, MANIFEST), manifest.toString().replace("0.0090", "0.0091"));
    await writeFile(join(folder, BINARY), binary);
    await expect(readWeights(DETECTOR_WEIGHTS, folder)).rejects.toThrow(CorruptWeightsError);
  });
});
