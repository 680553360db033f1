/** Sampling: names, what an image depends on, the same bytes every time, the strip, and what is refused. */

import * as tf from "@tensorflow/tfjs";
import { follow, type Work } from "@touchstone/cli";
import { generatorFromSeed, initialize } from "@touchstone/nn";
import { beforeAll, describe, expect, it } from "vitest";
import { collect, type NamedImage } from "../images/sampled.ts";
import { encodePng } from "../images/save.ts";
import type { DiffusionModel } from "./model.ts";
import { digitNames, type SampleDigitsOptions, sampleDigits } from "./sample.ts";
import type { SamplerName } from "./samplers/index.ts";
import { reverseProcess } from "./strip.ts";
import { unetSpecs } from "./unet-specs.ts";

let model: DiffusionModel;
beforeAll(async () => {
  await tf.setBackend("cpu");
  const params = initialize(unetSpecs({ width: 4 }), generatorFromSeed(0));
  model = { params, levels: 100, betas: "cosine", labelDropout: 0.1 };
});

/** One thread: a network this small gains nothing from more, and waits for them on a busy machine. */
const engine = { threads: 1 };
const quiet = { show: () => {}, end: () => {} };
const finish = <T>(work: Work<T>): Promise<T> => follow(work, quiet);
const sample = (options: SampleDigitsOptions, from = model): Promise<NamedImage[]> =>
  collect(sampleDigits(from, { steps: 2, perDigit: 1, batchSize: 3, engine, ...options }));

// Compiling takes a second of CPU time, which on a machine shared with others may be a minute.
describe("sampleDigits", { timeout: 300_000 }, () => {
  it("gives each digit's images in the order of their names, and says how far it is", async () => {
    const shown: [number, string, number][] = [];
    const images: NamedImage[] = [];
    const wish = { perDigit: 2, digits: [0, 9] };
    for await (const step of sampleDigits(model, { steps: 2, batchSize: 3, engine, ...wish })) {
      shown.push([step.done / step.total!, step.details!.images!, step.images.length]);
      images.push(...step.images);
    }
    expect(images.map(({ name }) => name)).toEqual(["0_001.png", "0_002.png", "9_001.png", "9_002.png"]);
    expect(digitNames(wish)).toEqual(images.map(({ name }) => name));
    for (const { height, width, channels, data } of images) {
      expect([height, width, channels, data.length]).toEqual([28, 28, 3, 28 * 28 * 3]);
    }
    expect(shown).toEqual([
      [0.25, "0/4", 0],
      [0.5, "3/4", 3],
      [0.75, "3/4", 0],
      [1, "4/4", 1],
    ]);
  });

  // With two threads, as the order of sums may depend on them.
  it.each([
    ["ddpm", {}],
    ["ddim", { eta: 0.5 }],
    ["dpm-solver", { guidance: 3 }],
  ] as const)("%s %o: the same bytes for the same seed, others for another", async (sampler, options) => {
    const png = async (seed: number) => {
      const wish = { sampler, digits: [3], seed, engine: { threads: 2 }, ...options };
      return encodePng((await sample(wish))[0]!);
    };
    const first = await png(7);
    expect(await png(7)).toEqual(first);
    expect(await png(8)).not.toEqual(first);
  });

  it("an image depends on the seed and its name, not on what else is made", async () => {
    const all = await sample({ digits: [1, 4, 7], perDigit: 2, sampler: "ddpm" });
    const alone = await sample({ digits: [4], perDigit: 2, sampler: "ddpm" });
    expect(alone).toEqual(all.slice(2, 4));
    // In a batch of another size sums may be rounded otherwise.
    const wide = await sample({ digits: [4], perDigit: 2, sampler: "ddpm", batchSize: 8 });
    wide.forEach(({ data }, i) => {
      data.forEach((value, j) => {
        expect(Math.abs(value - alone[i]!.data[j]!)).toBeLessThanOrEqual(1);
      });
    });
  });

  it("makes only those that are wanted, as they are among all", async () => {
    const all = await sample({ perDigit: 2, digits: [1, 4, 7], sampler: "ddpm" });
    const wanted = ["4_002.png", "7_002.png"];
    let steps = 0;
    const isWanted = (name: string) => wanted.includes(name);
    const options = { steps: 2, perDigit: 2, digits: [1, 4, 7], batchSize: 3, engine } as const;
    for await (const { total } of sampleDigits(model, { ...options, sampler: "ddpm", isWanted })) {
      steps++;
      expect(total).toBe(2); // of the second batch alone
    }
    expect(steps).toBe(2);
    const some = await sample({ perDigit: 2, digits: [1, 4, 7], sampler: "ddpm", isWanted });
    expect(some).toEqual(all.filter(({ name }) => wanted.includes(name)));
  });

  it("depends on the digit, and guidance moves it away from the unlabelled image", async () => {
    const bright = ({ data }: NamedImage) => data.reduce((sum, value) => sum + value, 0) / data.length;
    // Predicts more noise for the label 1: the image is darker.
    const zeros = Object.entries(model.params).map(([name, p]) => [name, tf.zerosLike(p)]);
    const params = { ...Object.fromEntries(zeros), ...labelledNoise() };
    const brightness = async (digit: number, guidance: number) =>
      bright((await sample({ digits: [digit], guidance, steps: 1 }, { ...model, params }))[0]!);
    const [unlabelled, plain, strong] = [
      await brightness(1, 0),
      await brightness(1, 1),
      await brightness(1, 3),
    ];
    expect(plain).toBeLessThan(unlabelled - 1);
    expect(strong).toBeLessThan(plain - 1);
    expect(await brightness(2, 3)).toBe(await brightness(2, 0));
  });

  it.each([
    [{ sampler: "euler" as SamplerName }, /sampler: expected one of dpm-solver, ddim, ddpm, found "euler"/],
    [{ steps: 0 }, /steps: expected a whole number, 1 \.\.\. 100 .*, found 0/],
    [{ steps: 101 }, /steps: expected a whole number, 1 \.\.\. 100 .*, found 101/],
    [{ guidance: Number.NaN }, /guidance: expected a finite number, 0 or more, found NaN/],
    [{ guidance: -1 }, /guidance: expected/],
    [{ eta: 0.5 }, /eta: expected none with the sampler dpm-solver: only ddim has it, found 0.5/],
    [{ sampler: "ddim" as const, eta: 2 }, /eta: expected a number in \[0, 1\], found 2/],
    [{ digits: [10] }, /digit: expected one of 0 \.\.\. 9, found 10/],
    [{ digits: [1.5] }, /digit: expected one of 0 \.\.\. 9, found 1.5/],
    [{ perDigit: 0 }, /perDigit: expected a whole number, 1 or more, found 0/],
    [{ batchSize: 0.5 }, /batchSize: expected a whole number, 1 or more, found 0.5/],
  ])("refuses %o", async (options, message) => {
    await expect(sample(options)).rejects.toThrow(message);
  });

  it.each([
    [0, "found 3 and one that saw every label. Use guidance 1, or train with labelDropout 0.1."],
    [undefined, "found 3 and a checkpoint that does not say so. If it was, say so with labelDropout;"],
  ])("refuses guidance where labelDropout is %s", async (labelDropout, message) => {
    const trained = { ...model, labelDropout };
    await expect(sample({ guidance: 3 }, trained)).rejects.toThrow(message);
  });

  it("refuses damaged parameters", async () => {
    const params = { ...model.params, "outc.bias": tf.tensor1d([0, Number.NaN, 0]) };
    await expect(sample({}, { ...model, params })).rejects.toMatchObject({ code: "MODELS_NOT_FINITE" });
  });
});

/** The embedding of the label 1 lifts the last block's channels, and the output their sum. */
function labelledNoise() {
  return {
    "label_emb.weight": tf.mul(tf.oneHot(tf.fill([256], 1, "int32"), 10).transpose(), 1.5),
    "up2.emb_layer.1.weight": tf.fill([4, 256], 1 / 256),
    "outc.weight": tf.fill([1, 1, 4, 3], 1 / 4),
  };
}

describe("reverseProcess", { timeout: 300_000 }, () => {
  it("shows the image of the same name at the levels that were asked for", async () => {
    const options = { sampler: "ddpm", steps: 4, seed: 3, engine } as const;
    const [, image] = await sample({ ...options, digits: [5], perDigit: 2 });
    const strip = await finish(
      reverseProcess(model, { ...options, digit: 5, number: 2, times: [0, 50, 100] }),
    );
    expect([strip.height, strip.width]).toEqual([28 + 4, 3 * 30 + 2]);
    const pixel = (column: number, x: number, y: number) => {
      const at = 3 * ((y + 2) * strip.width + column * 30 + 2 + x);
      return [...strip.data.subarray(at, at + 3)];
    };
    let noise = 0;
    for (let y = 0; y < 28; y++) {
      for (let x = 0; x < 28; x++) {
        const expected = image!.data.subarray(3 * (y * 28 + x), 3 * (y * 28 + x) + 3);
        pixel(0, x, y).forEach((value, c) => {
          expect(Math.abs(value - expected[c]!)).toBeLessThanOrEqual(1);
        });
        noise += pixel(2, x, y)[0]! / 28 ** 2;
      }
    }
    // Pure noise around 0 is grey.
    expect(Math.abs(noise - 127.5)).toBeLessThan(15);
  });

  it("shows six levels from 0 to T by default, as near to evenly spaced as the steps are", async () => {
    const strip = await finish(reverseProcess(model, { digit: 0, steps: 3, engine }));
    expect(strip.width).toBe(6 * 30 + 2);
  });

  it("refuses a level that is not passed", async () => {
    const work = reverseProcess(model, { digit: 0, steps: 4, times: [0, 60] });
    await expect(finish(work)).rejects.toThrow(
      "Option times: expected levels that are passed: 100, 75, 50, 25, 0, found 60.",
    );
    await expect(finish(reverseProcess(model, { digit: 0, times: 1 }))).rejects.toThrow(
      "Option times: expected levels, or how many: 2 or more, found 1.",
    );
  });
});
