/** A model in a checkpoint: what is kept beside its parameters, and what is refused. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { generatorFromSeed, initialize, readCheckpoint, saveParams } from "@touchstone/nn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diffusionMetadata, loadDiffusion } from "./model.ts";
import { unetSpecs } from "./unet-specs.ts";

let folder: string;
beforeAll(async () => {
  await tf.setBackend("cpu");
  folder = await mkdtemp(join(tmpdir(), "diffusion-"));
});
afterAll(() => rm(folder, { recursive: true }));

const params = () => initialize(unetSpecs({ width: 4 }), generatorFromSeed(0));
const saved = async (metadata: Record<string, string>) => {
  const path = join(folder, "model.safetensors");
  await saveParams(path, params(), { metadata });
  return readCheckpoint(path);
};

describe("loadDiffusion", () => {
  it("finds the width and how the network was trained", async () => {
    const recipe = { levels: 500, betas: "cosine", prediction: "velocity", labelDropout: 0.2 } as const;
    const checkpoint = await saved(diffusionMetadata(recipe));
    const { params: found, ...rest } = loadDiffusion(checkpoint);
    expect(rest).toEqual(recipe);
    const expected = params();
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, value] of Object.entries(expected)) {
      expect(await found[name]!.data()).toEqual(await value.data());
    }
  });

  it("without metadata takes the report's schedule, and does not know of label dropout", async () => {
    const { params: _, ...rest } = loadDiffusion(await saved({}));
    expect(rest).toEqual({ levels: 1000, betas: "linear" });
  });

  it("believes its caller first", async () => {
    const checkpoint = await saved(diffusionMetadata({ levels: 500, betas: "cosine" }));
    const { params: _, ...rest } = loadDiffusion(checkpoint, { levels: 400, labelDropout: 0.1 });
    expect(rest).toEqual({ levels: 400, betas: "cosine", labelDropout: 0.1 });
  });

  it.each([
    "500",
    "null",
    '{"levels":1}',
    '{"levels":500,"betas":"sqrt"}',
    '{"levels":500,"betas":"linear","prediction":"image"}',
    '{"levels":500,"labelDropout":"x"}',
  ])("refuses the metadata %s", async (diffusion) => {
    const checkpoint = await saved({ diffusion });
    expect(() => loadDiffusion(checkpoint)).toThrow(
      /model\.safetensors: metadata "diffusion": expected a text/,
    );
  });

  it("refuses a checkpoint of something else, and levels that are none", async () => {
    const path = join(folder, "other.safetensors");
    await saveParams(path, { weight: tf.zeros([2]) });
    const other = await readCheckpoint(path);
    expect(() => loadDiffusion(other)).toThrow(/other\.safetensors: does not fit the model/);
    await saveParams(path, { ...params(), "inc.double_conv.0.weight": tf.zeros([3, 3, 3, 6]) });
    const odd = await readCheckpoint(path);
    expect(() => loadDiffusion(odd)).toThrow(
      /inc\.double_conv\.0\.weight: expected \[64, 3, 3, 3\], found \[6, 3, 3, 3\]/,
    );
    const checkpoint = await saved({});
    expect(() => loadDiffusion(checkpoint, { levels: 0 })).toThrow(/levels: expected a whole number/);
  });
});
