/** The whole network on seeded weights against torch-fidelity's and pytorch-fid's own. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { follow } from "@touchstone/cli";
import { jit } from "@touchstone/jit";
import { parameterCount } from "@touchstone/nn";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { expectThinned, golden, seededImages, writeSeededWeights } from "../../test/inception.ts";
import { createResizer, RESIZED_LENGTH } from "../resize/index.ts";
import { findWeights } from "./find-weights.ts";
import { loadWeights } from "./load-weights.ts";
import { inception, inceptionSpecs, type Tap } from "./network.ts";
import { openInception } from "./open-inception.ts";

const folder = mkdtempSync(join(tmpdir(), "touchstone-inception-"));
const weights = join(folder, "seeded.safetensors");
const quiet = { show() {}, end() {} };

beforeAll(async () => {
  vi.stubEnv("TOUCHSTONE_CACHE", join(folder, "cache"));
  await writeSeededWeights(weights);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it("every tap is torch-fidelity's, to 1e-5", async () => {
  const taps: Tap[] = [64, 192, 768, 2048, "logits"];
  const { params } = await loadWeights(await follow(findWeights({ weights }), quiet), taps);
  const pixels = new Float32Array(2 * RESIZED_LENGTH);
  createResizer("tensorflow")(seededImages(2, 299), pixels);
  const forward = jit((x: tf.Tensor) =>
    inception(params, tf.reshape(x, [2, 299, 299, 3]) as tf.Tensor4D, { taps }),
  );
  const outputs = await forward(pixels);
  for (const tap of taps) {
    const name = tap === "logits" ? "logits_unbiased" : (`${tap}` as "64");
    expectThinned(await outputs[tap]!.data(), golden.tensorflow[name]);
  }
  tf.dispose([outputs, params]);
  await forward.dispose();
});

it("the extractor's features are pytorch-fid's, to 1e-5, from the converted copy too", async () => {
  const inceptions = await follow(openInception({ weights, batchSize: 2 }), quiet);
  const { features, logits } = await inceptions.extract(seededImages(2, 64));
  expectThinned(features, golden.pytorch["2048"]);
  expect(logits).toBeUndefined();
  await inceptions.dispose();
});

it("has the parameters of the published network: 94 convolutions and the classifier", () => {
  const specs = inceptionSpecs(["logits"]);
  const filters = Object.values(specs).filter(({ shape }) => shape.length === 4);
  expect(filters.length).toBe(94);
  // torchvision's 21,785,568 without auxiliary and last classifier, less one of two numbers of batch norm for each of 17,216 channels.
  expect(parameterCount(specs)).toBe(21_785_568 - 17_216 + 2048 * 1008);
});
