import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { ImageArray } from "@touchstone/datasets";
import { jit } from "@touchstone/jit";
import { adam, generatorFromSeed, loadParams, readCheckpoint } from "@touchstone/nn";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { finalState, resumedState } from "../../test/interrupted.ts";
import { KIND, trainingImages } from "../../test/training-images.ts";
import { unpackImages } from "./feeds.ts";
import { generate, generatorSpecs } from "./model.ts";
import { newNetwork, paramsOf } from "./network.ts";
import { discriminatorStep, generatorStep } from "./step.ts";
import { type DcganOptions, dcganSpecs, dcganTraining } from "./train.ts";

/** One thread: networks this small gain nothing from more, and wait for them on a busy machine. */
const engine = { threads: 1 };
const SMALL = { engine, width: 4, latent: 8, batchSize: 8, epochs: 2 } satisfies DcganOptions;
let images: ImageArray;

beforeAll(async () => {
  await tf.setBackend("cpu");
  images = await trainingImages(16);
});

// Compiling takes a second of CPU time, which on a machine shared with others may be a minute.
describe(`on ${KIND}`, { timeout: 300_000 }, () => {
  it("each network's loss falls while the other one stays", async () => {
    const recipe = { optimizer: adam({ beta1: 0.5 }), learningRate: 2e-3, labelSmoothing: 0 };
    const specs = dcganSpecs(SMALL);
    const root = generatorFromSeed(0);
    let generator = newNetwork(specs.generator, root.split("generator"), recipe);
    let discriminator = newNetwork(specs.discriminator, root.split("discriminator"), recipe);
    const real = tf.tidy(() => unpackImages(tf.tensor(images.images)));
    const z = tf.tensor(root.normal(16 * SMALL.latent), [16, SMALL.latent]) as tf.Tensor2D;

    const judge = jit(
      (g: typeof generator, d: typeof discriminator, real: tf.Tensor4D, z: tf.Tensor2D) =>
        discriminatorStep(d, real, generate(paramsOf(g), z, { training: true }).images, recipe),
      engine,
    );
    const judged: number[] = [];
    for (let i = 0; i < 12; i++) {
      const step = await judge(generator, discriminator, real, z);
      discriminator = step.discriminator;
      judged.push((await step.loss.data())[0]!);
    }
    expect(judged.at(-1)).toBeLessThan(judged[0]! / 2);

    const forge = jit(
      (g: typeof generator, d: typeof discriminator, z: tf.Tensor2D) => generatorStep(g, d, z, recipe),
      engine,
    );
    const forged: number[] = [];
    for (let i = 0; i < 12; i++) {
      const step = await forge(generator, discriminator, z);
      generator = step.generator;
      forged.push((await step.loss.data())[0]!);
    }
    expect(forged.at(-1)).toBeLessThan(forged[0]! / 2);
    await Promise.all([judge.dispose(), forge.dispose()]);
  });

  it("the same seed gives the same bytes, also when training was interrupted; another seed begins elsewhere", async () => {
    const options = { ...SMALL, discriminatorSteps: 2, labelSmoothing: 0.1 };
    const training = dcganTraining(images, options);
    const whole = await finalState(training);
    expect(await resumedState(training, 1, dcganTraining(images, options))).toEqual(whole);
    const begin = (seed: number) =>
      dcganTraining(images, { ...SMALL, seed }).initial().generator.trained["net.0.weight"]!;
    expect(await begin(1).data()).not.toEqual(await begin(0).data());
  });

  it("an epoch ends with a picture of 64 images; of every second one the generator is kept", async () => {
    const folder = await mkdtemp(join(tmpdir(), "touchstone-epochs-"));
    const [previews, kept] = [join(folder, "previews"), join(folder, "kept")];
    try {
      const training = dcganTraining(images, { ...SMALL, previews, kept: { folder: kept, every: 2 } });
      const state = training.initial();
      await training.epochEnd?.(state, 0);
      await training.epochEnd?.(state, 1);
      expect((await readdir(previews)).sort()).toEqual(["epoch-0001.png", "epoch-0002.png"]);
      const { width, height } = await sharp(join(previews, "epoch-0001.png")).metadata();
      expect([width, height]).toEqual([8 * 66 + 2, 8 * 66 + 2]);
      expect(await readdir(kept)).toEqual(["epoch-0002.safetensors"]);
      const checkpoint = await readCheckpoint(join(kept, "epoch-0002.safetensors"));
      expect(loadParams(generatorSpecs(SMALL), checkpoint)).toBeDefined();
      tf.dispose(state as unknown as tf.TensorContainer);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

it("an epoch goes through the images once, however many steps the discriminator takes", () => {
  expect(dcganTraining(images, { ...SMALL, epochs: 5 })).toMatchObject({
    name: "dcgan",
    steps: 10,
    stepsPerEpoch: 2,
    imagesPerStep: 8,
  });
  expect(dcganTraining(images, { ...SMALL, epochs: 5, discriminatorSteps: 2 })).toMatchObject({
    steps: 5,
    stepsPerEpoch: 1,
    imagesPerStep: 16,
  });
});

it("is told by its images and every option but its length and its device", () => {
  const settings = (options: DcganOptions, from = images) =>
    dcganTraining(from, { ...SMALL, ...options }).settings;
  expect(settings({})).toMatchObject({ images: expect.stringMatching(/^16 images, sha256 [0-9a-f]{12}$/) });
  expect(settings({ epochs: 9, engine: {} })).toEqual(settings({}));
  const others: DcganOptions[] = [
    ...[
      { seed: 1 },
      { batchSize: 4 },
      { learningRate: 1 },
      { beta1: 0 },
      { beta2: 0 },
      { latent: 9 },
      { width: 8 },
    ],
    ...[{ flip: false }, { averageDecay: 0 }, { discriminatorSteps: 2 }, { labelSmoothing: 0.1 }],
  ];
  for (const options of others) expect(settings({})).not.toEqual(settings(options));
  const darker = { ...images, images: images.images.map((v) => v >> 1) };
  expect(settings({}, darker)).not.toEqual(settings({}));
});

it("without averaging, the average is the generator; a step leaves nothing but the next state", async () => {
  const training = dcganTraining(images, { ...SMALL, averageDecay: 0 });
  const begin = training.initial();
  const before = tf.memory().numTensors;
  const { state } = await training.step(begin, 0);
  tf.dispose(begin as unknown as tf.TensorContainer);
  expect(tf.memory().numTensors).toBe(before);
  for (const [name, value] of Object.entries(paramsOf(state.generator))) {
    expect(await state.average[name]!.data(), name).toEqual(await value.data());
  }
});

describe("refuses", () => {
  it.each([
    ["batchSize", { batchSize: 1 }, "NN_OPTION"],
    ["epochs", { epochs: 0 }, "NN_OPTION"],
    ["discriminatorSteps", { discriminatorSteps: 1.5 }, "NN_OPTION"],
    ["labelSmoothing", { labelSmoothing: 1 }, "NN_OPTION"],
    ["labelSmoothing", { labelSmoothing: Number.NaN }, "NN_OPTION"],
    ["learningRate", { learningRate: Number.NaN }, "NN_OPTION"],
    ["beta1", { beta1: 1 }, "NN_OPTION"],
    ["decay", { averageDecay: 1 }, "NN_OPTION"],
    ["width", { width: 0 }, "NN_OPTION"],
    ["latent", { latent: 2.5 }, "NN_OPTION"],
    ["at least 17, one batch, found 16", { batchSize: 17 }, "MODELS_IMAGES"],
  ])("%s: %o", (message, options, code) => {
    const make = () => dcganTraining(images, { ...SMALL, ...options });
    expect(make).toThrow(expect.objectContaining({ code, exitCode: 2 }));
    expect(make).toThrow(message);
  });

  it("images of another size, or an array that is too short", () => {
    const wide = { ...images, width: 32, count: 32 };
    expect(() => dcganTraining(wide, SMALL)).toThrow(/64 x 64 pixels, found 64 x 32/);
    expect(() => dcganTraining({ ...images, count: 17 }, SMALL)).toThrow(
      /17 training images: expected 208896 bytes/,
    );
  });
});
