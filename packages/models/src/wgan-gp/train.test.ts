import * as tf from "@tensorflow/tfjs";
import type { ImageArray } from "@touchstone/datasets";
import { jit } from "@touchstone/jit";
import { adam, generatorFromSeed } from "@touchstone/nn";
import { beforeAll, describe, expect, it } from "vitest";
import { finalState, resumedState } from "../../test/interrupted.ts";
import { KIND, trainingImages } from "../../test/training-images.ts";
import { unpackImages } from "../dcgan/feeds.ts";
import { newNetwork } from "../dcgan/network.ts";
import { criticStep, type WganGpState } from "./step.ts";
import { type WganGpOptions, wganGpSpecs, wganGpTraining } from "./train.ts";

/** One thread: networks this small gain nothing from more, and wait for them on a busy machine. */
const engine = { threads: 1 };
const SMALL = {
  engine,
  width: 4,
  latent: 8,
  batchSize: 4,
  criticSteps: 2,
  epochs: 1,
} satisfies WganGpOptions;
let images: ImageArray;

beforeAll(async () => {
  await tf.setBackend("cpu");
  images = await trainingImages(16);
});

// Compiling takes a second of CPU time, which on a machine shared with others may be a minute.
describe(`on ${KIND}`, { timeout: 300_000 }, () => {
  it("the critic's loss falls while the images stay, as it learns to tell them from noise", async () => {
    const recipe = { optimizer: adam({ beta1: 0, beta2: 0.9 }), learningRate: 1e-3, penaltyWeight: 10 };
    const root = generatorFromSeed(0);
    let critic = newNetwork(wganGpSpecs(SMALL).critic, root.split("critic"), recipe);
    const real = tf.tidy(() => unpackImages(tf.tensor(images.images)));
    const fake = tf.tensor(
      root.uniform(real.size).map((u) => 2 * u - 1),
      real.shape,
    ) as tf.Tensor4D;
    const mix = tf.tensor1d(root.uniform(16));
    const judge = jit(
      (c: typeof critic, real: tf.Tensor4D, fake: tf.Tensor4D, mix: tf.Tensor1D) =>
        criticStep(c, real, fake, mix, recipe),
      engine,
    );
    const losses: number[] = [];
    const distances: number[] = [];
    for (let i = 0; i < 15; i++) {
      const step = await judge(critic, real, fake, mix);
      critic = step.critic;
      losses.push((await step.loss.data())[0]!);
      distances.push((await step.distance.data())[0]!);
    }
    expect(losses[0]).toBeCloseTo(10, 1); // no slope anywhere: the whole penalty
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 10);
    expect(distances.at(-1)).toBeGreaterThan(distances[0]! + 5);
    await judge.dispose();
  });

  it("the same seed gives the same bytes, also when training was interrupted; another seed begins elsewhere", async () => {
    const training = wganGpTraining(images, SMALL);
    const whole = await finalState(training);
    expect(await resumedState(training, 1, wganGpTraining(images, SMALL))).toEqual(whole);
    const begin = (seed: number) =>
      wganGpTraining(images, { ...SMALL, seed }).initial().critic.trained["net.0.weight"]!;
    expect(await begin(1).data()).not.toEqual(await begin(0).data());
  });

  it("a critic with a learning rate of its own moves by that, the generator by the other", async () => {
    const training = wganGpTraining(images, {
      ...SMALL,
      ...{ criticSteps: 1, learningRate: 1e-2, criticLearningRate: 1e-4 },
    });
    const weights = async ({ generator, critic }: WganGpState) => [
      await generator.trained["net.0.weight"]!.data(),
      await critic.trained["net.0.weight"]!.data(),
    ];
    const before = await weights(training.initial());
    const after = await weights((await training.step(training.initial(), 0)).state);
    // Adam's first step is the rate, whatever the gradient.
    const moved = before.map((values, i) => Math.max(...values.map((x, j) => Math.abs(x - after[i]![j]!))));
    expect(moved[0]! / 1e-2).toBeCloseTo(1, 2);
    expect(moved[1]! / 1e-4).toBeCloseTo(1, 2);
  });
});

it("an epoch goes through the images once", () => {
  expect(wganGpTraining(images, { ...SMALL, epochs: 3 })).toMatchObject({
    name: "wgan-gp",
    steps: 6,
    stepsPerEpoch: 2,
    imagesPerStep: 8,
  });
});

it.each([
  ["criticSteps", { criticSteps: 0 }, "NN_OPTION"],
  ["criticLearningRate", { criticLearningRate: 0 }, "NN_OPTION"],
  ["penaltyWeight", { penaltyWeight: Number.NaN }, "NN_OPTION"],
  ["penaltyWeight", { penaltyWeight: -1 }, "NN_OPTION"],
  ["width", { width: -4 }, "NN_OPTION"],
  ["at least 17, one batch, found 16", { batchSize: 17 }, "MODELS_IMAGES"],
])("refuses %s: %o", (message, options, code) => {
  const make = () => wganGpTraining(images, { ...SMALL, ...options });
  expect(make).toThrow(expect.objectContaining({ code, exitCode: 2 }));
  expect(make).toThrow(message);
});
