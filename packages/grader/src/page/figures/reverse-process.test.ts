import { readdirSync } from "node:fs";
import { join } from "node:path";
import { diffusionMetadata, loadDiffusion, sampleDigits, saveImages, unetSpecs } from "@touchstone/models";
import { generatorFromSeed, initialize, readCheckpoint, saveParams } from "@touchstone/nn";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../../datasets/test/image-files.ts";
import { figureContext } from "../../../test/figure-data.ts";
import { done } from "../../../test/small-grading.ts";
import { readNamed } from "./read-named.ts";
import { reverseOf } from "./reverse-process.ts";

test("ends in the image that the run made, is kept, and is of the run's weights alone", {
  timeout: 300_000,
}, async () => {
  const folder = temporaryFolder();
  const [checkpoint, output] = [join(folder, "diffusion.safetensors"), join(folder, "output")];
  const recipe = { levels: 40, betas: "cosine", labelDropout: 0.1 } as const;
  const params = initialize(unetSpecs({ width: 4 }), generatorFromSeed(0));
  await saveParams(checkpoint, params, { metadata: diffusionMetadata(recipe) });
  const weights = await readCheckpoint(checkpoint);
  const options = { seed: 5, sampler: "ddim", steps: 10, guidance: 1, eta: 0.5 } as const;
  const sampling = sampleDigits(loadDiffusion(weights), {
    ...options,
    digits: [3],
    perDigit: 2,
    batchSize: 2,
  });
  const origin = { model: "diffusion", checkpoint: weights.sha256, device: "cpu", ...options };
  await done(saveImages(sampling, output, origin));

  const context = figureContext(folder);
  const { name, steps } = await done(reverseOf({ output }, checkpoint, context));
  expect(name).toBe("3_001.png");
  expect(steps.map(({ t }) => t)).toEqual([40, 36, 32, 28, 24, 20, 16, 12, 8, 4, 0]);
  const [image] = await readNamed(output, ["3_001.png"]);
  const differences = steps.at(-1)!.image.data.map((value, i) => Math.abs(value - image!.data[i]!));
  expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  expect(await done(reverseOf({ output }, checkpoint, context))).toEqual({ name, steps });
  expect(readdirSync(join(context.results, "figures"))).toHaveLength(1);

  await saveParams(checkpoint, params);
  await expect(done(reverseOf({ output }, checkpoint, context))).rejects.toThrow(
    "diffusion.safetensors: expected the weights that the run had, found others.",
  );
  await expect(done(reverseOf({ output: folder }, checkpoint, context))).rejects.toThrow(
    "3_001.png: expected an image that says what it was made with, found none.",
  );
});
