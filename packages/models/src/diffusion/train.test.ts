/** Training on a few images with a narrow network: the loss falls, and a run that was broken off ends as an unbroken one. */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { decodeImage, type LabeledImages, UNLABELED } from "@touchstone/datasets";
import { generatorFromSeed } from "@touchstone/nn";
import { beforeAll, describe, expect, it } from "vitest";
import { finalState, resumedState } from "../../test/interrupted.ts";
import { diffusionFeeds, type FeedOptions, type Feeds } from "./feeds.ts";
import { alphaBarOf } from "./schedule.ts";
import { type DiffusionOptions, diffusionTraining } from "./train.ts";

const COUNT = 6;
const SIZE = 28 * 28 * 3;

/** Every number of image i is i, and its digit is i. */
const data: LabeledImages = {
  name: "flat digits",
  images: Uint8Array.from({ length: COUNT * SIZE }, (_, i) => Math.floor(i / SIZE)),
  labels: Int32Array.from({ length: COUNT }, (_, i) => i),
  count: COUNT,
  height: 28,
  width: 28,
  channels: 3,
};

beforeAll(async () => {
  await tf.setBackend("cpu");
});

// Compiling takes a second of CPU time, which on a machine shared with others may be a minute.
describe("diffusionTraining", { timeout: 300_000 }, () => {
  /** One thread: a network this small gains nothing from more, and waits for them on a busy machine. */
  const engine = { threads: 1 };
  const options: DiffusionOptions = { engine, width: 4, batchSize: 2, epochs: 4, learningRate: 0.02 };

  const training = diffusionTraining(data, options);

  it("lowers the loss and keeps no tensor", async () => {
    expect([training.steps, training.stepsPerEpoch, training.imagesPerStep]).toEqual([12, 3, 2]);
    let state = training.initial();
    const tensors = tf.memory().numTensors;
    const losses: number[] = [];
    for (let step = 0; step < training.steps; step++) {
      const next = await training.step(state, step);
      tf.dispose(state);
      state = next.state;
      losses.push(next.metrics.loss!);
    }
    expect(tf.memory().numTensors).toBe(tensors);
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
    expect(mean(losses.slice(-3))).toBeLessThan(0.8 * mean(losses.slice(0, 3)));
    tf.dispose(state);
  });

  it("broken off and resumed is the same to the last bit", async () => {
    const whole = await finalState(training);
    expect(await resumedState(training, 4, diffusionTraining(data, options))).toEqual(whole);
  });

  it("is told by its images and every option, its length too, as the rate falls over it", () => {
    const settings = (more: DiffusionOptions, from = data) =>
      diffusionTraining(from, { ...options, ...more }).settings;
    expect(settings({ engine: {}, previews: "folder" })).toEqual(settings({}));
    const others: DiffusionOptions[] = [
      ...[{ seed: 1 }, { epochs: 5 }, { batchSize: 3 }, { learningRate: 0.01 }, { width: 8 }, { levels: 10 }],
      ...[{ betas: "cosine" as const }, { prediction: "velocity" as const }],
      ...[{ labelDropout: 0 }, { averageDecay: 0 }],
    ];
    for (const other of others) expect(settings(other)).not.toEqual(settings({}));
    expect(settings({}, { ...data, labels: data.labels.toReversed() })).not.toEqual(settings({}));
  });

  it("saves a picture of each digit after an epoch", async () => {
    const folder = await mkdtemp(join(tmpdir(), "touchstone-diffusion-"));
    try {
      const training = diffusionTraining(data, { ...options, levels: 2, betas: "cosine", previews: folder });
      expect(await training.epochEnd!(training.initial(), 2)).toEqual({});
      const { height, width } = await decodeImage(await readFile(join(folder, "epoch-0003.png")));
      expect([height, width]).toEqual([10 * 30 + 2, 4 * 30 + 2]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    [{ epochs: 0 }, /epochs: expected a whole number, 1 or more, found 0/],
    [{ labelDropout: 1.5 }, /labelDropout: expected a number in \[0, 1\], found 1.5/],
    [{ width: 5 }, /width: expected a multiple of the 4 heads, found 5/],
    [{ levels: 0 }, /levels: expected a whole number/],
    [{ prediction: "x0" as "noise" }, /prediction: expected one of noise, velocity, found x0/],
    [{ batchSize: 7 }, /The training images: expected at least 7, one batch, found 6/],
    [{ batchSize: 0 }, /batchSize: expected a whole number, 1 or more, found 0/],
    [{ learningRate: Number.NaN }, /rate: expected a finite number, 0 or more, found NaN/],
    [{ averageDecay: 1 }, /decay: expected a number in \[0, 1\), found 1/],
  ])("refuses %o", (wrong, message) => {
    expect(() => diffusionTraining(data, { ...options, ...wrong })).toThrow(message);
  });
});

describe("diffusionFeeds", () => {
  const options: FeedOptions = { batchSize: 2, labelDropout: 0.25, levels: 10, betas: "cosine" };
  const feedsOf = (from: Parameters<typeof diffusionFeeds>[0], more: Partial<FeedOptions> = {}): Feeds =>
    diffusionFeeds(from, generatorFromSeed(1), { ...options, ...more });

  it("are a function of the step alone", () => {
    const [forwards, backwards] = [feedsOf(data), feedsOf(data)];
    const steps = [0, 1, 2, 3, 4, 5];
    const found = steps.map((step) => forwards.batch(step));
    expect(
      steps
        .toReversed()
        .map((step) => backwards.batch(step))
        .reverse(),
    ).toEqual(found);
    expect(new Set(found.map(({ noise }) => noise[0])).size).toBe(steps.length);
  });

  it("have each image once an epoch, with its label or none, at all levels", () => {
    const feeds = feedsOf(data);
    expect(feeds.batchesPerEpoch).toBe(3);
    const alphaBar = alphaBarOf(options);
    const seen: number[] = [];
    const times = new Set<number>();
    let dropped = 0;
    const epochs = 100;
    for (let step = 0; step < 3 * epochs; step++) {
      const { pixels, labels, ...batch } = feeds.batch(step);
      for (let i = 0; i < 2; i++) {
        const image = pixels[i * SIZE]!;
        seen.push(image);
        if (labels[i] === UNLABELED) dropped++;
        else expect(labels[i]).toBe(image);
        const level = batch.times[i]! + 1;
        times.add(level);
        expect(level > 5).toBe(i === 1); // Each image of the batch in its half of the ten.
        expect(batch.signal[i]! ** 2).toBeCloseTo(alphaBar[level]!, 6);
        expect(batch.sigma[i]! ** 2).toBeCloseTo(1 - alphaBar[level]!, 6);
      }
      if (step % 3 === 2) expect(seen.splice(0).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    }
    expect([...times].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    // 600 coins of 1/4: 150, with a standard deviation of 11.
    expect(Math.abs(dropped - 150)).toBeLessThan(4 * 11);
  });

  it("drop no label, or every one", () => {
    for (let step = 0; step < 3; step++) {
      expect(feedsOf(data, { labelDropout: 0 }).batch(step).labels.includes(UNLABELED)).toBe(false);
      expect([...feedsOf(data, { labelDropout: 1 }).batch(step).labels]).toEqual([UNLABELED, UNLABELED]);
    }
  });

  it("may have other images in every epoch", () => {
    const asked: number[] = [];
    const feeds = feedsOf((epoch) => {
      asked.push(epoch);
      return { ...data, images: new Uint8Array(COUNT * SIZE).fill(100 + epoch) };
    });
    expect([0, 2, 3, 5, 6].map((step) => feeds.batch(step).pixels[0])).toEqual([100, 100, 101, 101, 102]);
    expect(asked).toEqual([0, 1, 2]);
  });

  it.each([
    [
      { ...data, labels: new Int32Array(5) },
      /flat digits: the labels: expected 6, one for each image, found 5/,
    ],
    [
      { ...data, labels: new Int32Array(6).fill(10) },
      /flat digits: the labels: expected digits 0 ... 9, found 10/,
    ],
    [{ ...data, height: 32 }, /expected 28 x 28 pixels, found 32 x 28/],
    [{ ...data, images: new Uint8Array(10) }, /expected 14112 bytes, found 10/],
  ])("refuse images that are none", (wrong, message) => {
    expect(() => feedsOf(wrong)).toThrow(message);
  });

  it("refuse an epoch with more images than the first", () => {
    const feeds = feedsOf((epoch) =>
      epoch === 0
        ? { ...data, count: 4, labels: data.labels.slice(0, 4), images: data.images.slice(0, 4 * SIZE) }
        : data,
    );
    expect(() => feeds.batch(2)).toThrow("The images of epoch 1: expected 4 as in the first, found 6.");
  });
});
