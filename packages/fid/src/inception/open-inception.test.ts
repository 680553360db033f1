/** The extractor around the network, on the stem alone. Its features are compared with others' in the tests beside. */

import { join } from "node:path";
import { follow } from "@touchstone/cli";
import { readCheckpoint, writeSafetensors } from "@touchstone/nn";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { fixture, seededImages } from "../../test/inception.ts";
import type { Extractor } from "../extractors/extractor.ts";
import { type InceptionOptions, openInception } from "./open-inception.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv("TOUCHSTONE_CACHE", join(folder, "cache"));
});
afterEach(() => vi.unstubAllEnvs());

const open = (options: InceptionOptions = {}): Promise<Extractor> =>
  follow(openInception({ weights: fixture("stem.pth"), dims: 64, batchSize: 2, ...options }), {
    show() {},
    end() {},
  });

it("an image's features depend on no other, on no batch and on no call at the same time", async () => {
  const extractor = await open();
  const images = [...seededImages(4, 32), ...seededImages(1, 299)];
  const alone = [];
  for (const image of images) alone.push((await extractor.extract([image])).features);
  const [together, reversed, none] = await Promise.all([
    extractor.extract(images),
    extractor.extract([...images].reverse()),
    extractor.extract([]),
  ]);
  alone.forEach((features, i) => {
    expect(together.features.slice(i * 64, (i + 1) * 64)).toEqual(features);
    const j = images.length - 1 - i;
    expect(reversed.features.slice(j * 64, (j + 1) * 64)).toEqual(features);
  });
  expect(none.features.length).toBe(0);
  await extractor.dispose();
});

it("features that are not finite are an error", async () => {
  const tensors = new Map((await readCheckpoint(fixture("stem.pth"))).tensors);
  const huge = { dtype: "float32", shape: [32], data: new Float32Array(32).fill(1e38) } as const;
  for (const layer of ["Conv2d_1a_3x3", "Conv2d_2a_3x3"]) tensors.set(`${layer}.bn.weight`, huge);
  const weights = join(folder, "huge.safetensors");
  await writeSafetensors(weights, { tensors });
  const extractor = await open({ weights });
  await expect(extractor.extract(seededImages(1, 16))).rejects.toMatchObject({
    code: "FID_NON_FINITE_OUTPUT",
  });
  await extractor.dispose();
});

it("an image that is none is an error, and the next call works", async () => {
  const extractor = await open();
  const broken = { height: 4, width: 4, data: new Uint8Array(5) };
  await expect(extractor.extract([broken])).rejects.toMatchObject({ code: "FID_INVALID_IMAGE" });
  expect((await extractor.extract(seededImages(1, 16))).features.length).toBe(64);
  await extractor.dispose();
});

it.each<[InceptionOptions, RegExp]>([
  [{ dims: 63 }, /dims: expected one of 64, 192, 768, 2048, found 63/],
  [{ batchSize: 0 }, /batchSize: expected a whole number of at least 1/],
  [{ resize: "nearest" as "clean" }, /nearest/],
])("%j is refused before anything is looked for", async (options, message) => {
  await expect(open({ weights: "absent", ...options })).rejects.toThrow(message);
});
