import * as tf from "@tensorflow/tfjs";
import { composeMnistM, mnistDigits, proceduralTextures } from "@touchstone/datasets";
import { generatorFromSeed } from "@touchstone/nn";
import { beforeAll, expect, it } from "vitest";
import { classifierTraining, type RecipeData } from "./recipe.ts";

let data: RecipeData;
beforeAll(async () => {
  const { images, labels, height, width } = await mnistDigits("train");
  const digits = {
    images: images.subarray(0, 96 * 28 * 28),
    labels: labels.subarray(0, 96),
    height,
    width,
  };
  const { name, images: pictures } = proceduralTextures(generatorFromSeed(1));
  const backgrounds = { name, images: pictures.slice(0, 2) };
  data = { digits, backgrounds, validation: composeMnistM(digits, backgrounds, generatorFromSeed(2)) };
});

const training = (seed: number) =>
  classifierTraining(data, generatorFromSeed(seed), { epochs: 15, batchSize: 32 });

it("learns: the loss falls, and the epoch's end measures better than chance", async () => {
  const { initial, step, epochEnd, steps, stepsPerEpoch } = training(0);
  expect([steps, stepsPerEpoch]).toEqual([45, 3]);
  let state = initial();
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const next = await step(state, i);
    tf.dispose(state as tf.TensorContainer);
    state = next.state;
    losses.push(next.metrics.loss!);
  }
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  expect(mean(losses.slice(-5))).toBeLessThan(0.9 * mean(losses.slice(0, 5)));
  expect((await epochEnd!(state, 14)).validation).toBeGreaterThan(0.3);
});

it("a step is a function of state and number: the same again, whatever was done before", async () => {
  const [a, b] = [training(5), training(5)];
  const start = a.initial();
  const later = await a.step(start, 7);
  await a.step(start, 3);
  const again = await b.step(start, 7);
  expect(again.metrics).toEqual(later.metrics);
  const name = "features.0.conv.weight";
  expect(await again.state.trained[name]!.data()).toEqual(await later.state.trained[name]!.data());
});
