/** The recipe: it learns, goes on where it stopped, adapts in one mode only, and refuses what it cannot learn from. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import {
  assignLabels,
  type LabeledImages,
  openImages,
  readLabelTable,
  resizeBilinear,
  streamImages,
} from "@touchstone/datasets";
import { generatorFromSeed, type HostArray } from "@touchstone/nn";
import { beforeAll, describe, expect, it } from "vitest";
import { sharedData } from "../../../nn/test/shared-data.ts";
import { finalState, resumedState } from "../../test/interrupted.ts";
import { NO_AUGMENTATION } from "./augment.ts";
import { type DannMode, type DannOptions, dannTraining } from "./train.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** Ten patterns of bars with noise; `negative` makes another domain of them. */
function bars(name: string, { negative = false } = {}): LabeledImages {
  const [count, side] = [40, 28];
  const noise = generatorFromSeed(name).uniform(count * side * side * 3);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 10);
  const images = Uint8Array.from(noise, (u, at) => {
    const pixel = Math.floor(at / 3) % (side * side);
    const [y, x] = [Math.floor(pixel / side) / side, (pixel % side) / side];
    const label = labels[Math.floor(at / (3 * side * side))]!;
    const isInk = Math.sin(2 * Math.PI * (1 + (label % 5)) * (label < 5 ? x : y)) > 0;
    return (isInk === negative ? 40 : 180) + 40 * u;
  });
  return { name, images, labels, count, height: side, width: side, channels: 3 };
}

const source = bars("source");
const target = bars("target", { negative: true });
const none: LabeledImages = { ...source, count: 0, images: new Uint8Array(), labels: new Int32Array() };
const small: DannOptions = { batchSize: 8, epochs: 3, augmentation: NO_AUGMENTATION };

/** Steps from the beginning, and what each told. */
async function steps(options: DannOptions, count: number, from = { source, target }) {
  const training = dannTraining(from.source, from.target, { ...small, ...options });
  const told: Record<string, number>[] = [];
  let state = training.initial();
  for (let i = 0; i < count; i++) {
    const next = await training.step(state, i);
    tf.dispose(state as tf.TensorContainer);
    state = next.state;
    told.push(next.metrics);
  }
  return { training, state, told };
}

/** vitest compares millions of numbers for minutes. */
const digests = (state: Map<string, HostArray>) =>
  Object.fromEntries(
    Array.from(state, ([name, data]) => {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return [name, createHash("sha256").update(bytes).digest("hex")];
    }),
  );

/** From log 10 and a little, or less. */
function expectFall(losses: number[]): void {
  const last = losses.slice(-3).reduce((a, b) => a + b, 0) / 3;
  expect(losses[0]).toBeGreaterThan(1.5);
  expect(last).toBeLessThan(0.7 * losses[0]!);
}

describe("dannTraining", () => {
  it("dann learns its digits; the loss is theirs and the domains'", async () => {
    const { state, told } = await steps({}, 10);
    for (const { loss, classLoss, domainLoss } of told) expect(loss).toBeCloseTo(classLoss! + domainLoss!, 4);
    expect(told[0]!.domainLoss).toBeCloseTo(2 * Math.log(2), 0); // of two domains, both unknown
    expectFall(told.map(({ classLoss }) => classLoss!));
    expect(Object.keys(state.sourceBuffers)).toEqual(Object.keys(state.buffers));
    tf.dispose(state as tf.TensorContainer);
  });

  it.each([
    ["source-only", { source, target: none }],
    ["target-trained", { source: none, target }],
  ] as const)("%s learns its digits, without the other domain", async (mode, sets) => {
    const { state, told } = await steps({ mode }, 10, sets);
    expect(Object.keys(told[0]!).sort()).toEqual(["accuracy", "loss"]);
    expectFall(told.map(({ loss }) => loss!));
    expect(Object.keys(state.trained).filter((name) => name.startsWith("domain"))).toEqual([]);
    expect(state.sourceBuffers).toEqual({});
    tf.dispose(state as tf.TensorContainer);
  });

  it.each(["dann", "source-only"] as const)(
    "%s: stopped and resumed, the same bytes as in one go",
    async (mode) => {
      const augmentation = { ...NO_AUGMENTATION, shift: 2, turn: 0.2 };
      const options: DannOptions = { ...small, mode, batchSize: 13, epochs: 1, augmentation };
      const training = () => dannTraining(source, target, options);
      const expected = digests(await finalState(training()));
      expect(digests(await resumedState(training(), 1, training()))).toEqual(expected);
    },
  );

  it("after an epoch it reads what it was given to evaluate, and nothing else", async () => {
    const { training, state } = await steps({ evaluation: { source, target } }, 1);
    const accuracies = await training.epochEnd!(state, 0);
    expect(Object.keys(accuracies)).toEqual(["sourceAccuracy", "targetAccuracy"]);
    for (const accuracy of Object.values(accuracies)) {
      expect(accuracy * 40).toBeCloseTo(Math.round(accuracy * 40), 9);
    }
    const without = dannTraining(source, target, small);
    expect(await without.epochEnd!(state, 0)).toEqual({});
    tf.dispose(state as tf.TensorContainer);
  });

  it("is told by its images and every option, its length too, as the rate falls over it", () => {
    const settings = (more: DannOptions, to = target) =>
      dannTraining(source, to, { ...small, ...more }).settings;
    const others: DannOptions[] = [
      ...[{ mode: "source-only" as const }, { seed: 1 }, { epochs: 5 }, { batchSize: 4 }],
      ...[{ learningRate: 0.1 }, { augmentation: { ...NO_AUGMENTATION, turn: 1 } }],
    ];
    for (const other of others) expect(settings(other)).not.toEqual(settings({}));
    expect(settings({}, source)).not.toEqual(settings({}));
    // The target's labels are not looked at.
    expect(settings({}, { ...target, labels: target.labels.toReversed() })).toEqual(settings({}));
    expect(settings({ mode: "source-only" }, source)).toEqual(settings({ mode: "source-only" }));
  });

  it("each mode has a name of its own, so that none resumes another's state", () => {
    const name = (mode: DannMode) => dannTraining(source, target, { ...small, mode }).name;
    expect([name("dann"), name("source-only"), name("target-trained")]).toEqual([
      "dann",
      "dann, source-only",
      "dann, target-trained",
    ]);
  });

  it.each<[string, () => unknown, string]>([
    [
      "a target without labels to learn from",
      () => dannTraining(source, withoutLabels(target), { ...small, mode: "target-trained" }),
      "The target images: expected labels, as mode target-trained learns from them, found none.",
    ],
    [
      "a label that is no digit",
      () => dannTraining({ ...source, labels: source.labels.map((l) => (l === 7 ? -1 : l)) }, target, small),
      "The labels of source: expected digits from 0 to 9, found -1 for image 7.",
    ],
    [
      "fewer labels than images",
      () => dannTraining({ ...source, labels: source.labels.subarray(1) }, target, small),
      "The labels of source: expected 40, one for each image, found 39.",
    ],
    [
      "nothing to evaluate by",
      () => dannTraining(source, target, { ...small, evaluation: { source: none } }),
      "The images of source: expected at least one, found none.",
    ],
    [
      "labelled images of another size",
      () => dannTraining({ ...source, height: 16, width: 16 }, target, small),
      "The images of source: expected 28 x 28 pixels, found 16 x 16; resize them.",
    ],
    [
      "target images of another size",
      () => dannTraining(source, { ...target, height: 32, width: 32 }, small),
      "The training images: expected 28 x 28 pixels, found 32 x 32; resize or crop them.",
    ],
    [
      "images that fill no batch",
      () => dannTraining(source, target, { ...small, batchSize: 41 }),
      "The training images: expected at least 41, one batch, found 40.",
    ],
    [
      "a batch of one",
      () => dannTraining(source, target, { ...small, batchSize: 1 }),
      "Option batchSize: expected a whole number, 2 or more, found 1.",
    ],
    [
      "a learning rate of nothing",
      () => dannTraining(source, target, { ...small, learningRate: 0 }),
      "Option learningRate: expected a finite number above 0, found 0.",
    ],
    [
      "no epochs",
      () => dannTraining(source, target, { ...small, epochs: 0 }),
      "Option epochs: expected a whole number, 1 or more, found 0.",
    ],
  ])("refuses %s", (_, begin, message) => {
    expect(begin).toThrow(message);
  });
});

const { path: digits, absent, note } = sharedData("hw2_data/digits");

it.skipIf(absent)(`on real digits, MNIST-M and USPS, the loss falls${note}`, async () => {
  const real = {
    source: await firstDigits(join(digits, "mnistm/test"), 64),
    target: await firstDigits(join(digits, "usps/train"), 64),
  };
  const { state, told } = await steps({ batchSize: 16 }, 10, real);
  expectFall(told.map(({ classLoss }) => classLoss!));
  tf.dispose(state as tf.TensorContainer);
});

/** The first images of a folder at 28 x 28, with the labels of the table beside it. */
async function firstDigits(folder: string, count: number): Promise<LabeledImages> {
  const source = await openImages(folder);
  const size = { height: 28, width: 28 };
  const images = new Uint8Array(count * 28 * 28 * 3);
  const order = Array.from({ length: count }, (_, i) => i);
  for await (const { index, image } of streamImages(source, {
    expectedSize: size,
    resize: resizeBilinear,
    order,
  })) {
    images.set(image!.data, index * 28 * 28 * 3);
  }
  const names = source.entries.slice(0, count).map(({ name }) => name);
  const { labels } = assignLabels(names, await readLabelTable(`${folder}.csv`, { classes: 10 }));
  await source.close();
  return { name: folder, images, labels, count, ...size, channels: 3 };
}

function withoutLabels({ labels: _, ...images }: LabeledImages) {
  return images;
}
