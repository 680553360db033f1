/** The compiled loop against diffusers' schedulers (fixtures/golden/models/diffusion/make-samplers.py), guidance, and what it leaves behind. */

import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { type Denoising, denoiser, type Predict } from "./denoise.ts";
import { PREDICTIONS, type Prediction } from "./prediction.ts";
import { type SamplerName, type SamplerOptions, samplerNamed } from "./samplers/index.ts";
import { alphaBarOf, type Betas, levelsPassed } from "./schedule.ts";

interface Case {
  name: string;
  sampler: SamplerName;
  options: SamplerOptions;
  betas: Betas;
  levels: number;
  steps: number;
  m: number;
  clip: boolean;
  noise: number[][];
  /** x by level. */
  path: Record<string, number[]>;
}
const golden: { shape: [number, number, number, number]; cases: Case[] } = JSON.parse(
  readFileSync(
    new URL("../../../../fixtures/golden/models/diffusion/samplers.json", import.meta.url),
    "utf8",
  ),
);

/** Where x falls between the two points its error grows: float32 loses two more digits. */
const TOLERANCE = 1e-4;

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** The best prediction where every number of the data is m or -m: E[x0 | x] = m tanh(m alpha x / sigma^2). */
function twoPoints(alphaBar: Float64Array, m: number, prediction: Prediction): Predict {
  const table = (f: (a: number) => number) => tf.tensor1d(Float32Array.from(alphaBar.subarray(1), f));
  return (x, times) => {
    const at = (f: (a: number) => number) => tf.gather(table(f), tf.cast(times, "int32")); // [1]
    const [signal, sigma] = [at(Math.sqrt), at((a) => Math.sqrt(1 - a))];
    const clean = tf.mul(
      tf.tanh(
        tf.mul(
          x,
          at((a) => (m * Math.sqrt(a)) / (1 - a)),
        ),
      ),
      m,
    );
    const noise: tf.Tensor4D = tf.div(tf.sub(x, tf.mul(clean, signal)), sigma);
    return prediction === "noise" ? noise : tf.sub(tf.mul(noise, signal), tf.mul(clean, sigma));
  };
}

async function pathOf(
  predict: Predict,
  plan: Denoising,
  labels: number[],
  noise: (draw: number) => number[],
) {
  const loop = denoiser(predict, plan);
  const path: Record<string, number[]> = {};
  for await (const { level, x } of loop.run(Int32Array.from(labels), (draw) =>
    Float32Array.from(noise(draw)),
  )) {
    path[level] = [...(await x.data())];
  }
  await loop.dispose();
  return path;
}

describe.each(PREDICTIONS)("diffusers' path, by the %s", (prediction) => {
  it.each(golden.cases.map((c) => [c.name, c] as const))("%s", async (_, c) => {
    const alphaBar = alphaBarOf(c);
    const updates = samplerNamed(c.sampler)(alphaBar, levelsPassed(c.levels, c.steps), c.options);
    const plan = { alphaBar, updates, prediction, shape: golden.shape, guidance: 1, clip: c.clip };
    const found = await pathOf(twoPoints(alphaBar, c.m, prediction), plan, [0, 0], (draw) => c.noise[draw]!);
    expect(Object.keys(found)).toEqual(Object.keys(c.path));
    for (const [level, expected] of Object.entries(c.path)) {
      found[level]!.forEach((value, i) => {
        expect(Math.abs(value - expected[i]!), `level ${level}, ${i}`).toBeLessThan(TOLERANCE);
      });
    }
  });
});

describe("guidance", () => {
  const alphaBar = alphaBarOf({ betas: "cosine", levels: 10 });
  const updates = samplerNamed("ddim")(alphaBar, levelsPassed(10, 2));
  const plan = { alphaBar, updates, shape: [2, 1, 1, 3] as [number, number, number, number], clip: false };
  const noise = () => [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
  /** Predicts a tenth of the label. */
  const label: Predict = (x, _times, labels) =>
    tf.mul(tf.onesLike(x), tf.reshape(tf.mul(tf.cast(labels, "float32"), 0.1), [-1, 1, 1, 1]));

  it.each([0, 0.5, 1, 3])(
    "%s goes so far from the unlabelled to the labelled prediction",
    async (guidance) => {
      const found = await pathOf(label, { ...plan, guidance }, [4, 7], noise);
      const expected = [4, 7].map((digit) => -0.1 + guidance * (digit / 10 + 0.1));
      const plain = await pathOf(
        (x) => tf.add(tf.zerosLike(x), tf.tensor4d(expected, [2, 1, 1, 1])),
        { ...plan, guidance: 1 },
        [0, 0],
        noise,
      );
      for (const [level, values] of Object.entries(plain)) {
        values.forEach((value, i) => {
          expect(found[level]![i]! / value).toBeCloseTo(1, 5);
        });
      }
    },
  );
});

describe("the loop", () => {
  const alphaBar = alphaBarOf({ betas: "cosine", levels: 10 });
  const shape: [number, number, number, number] = [1, 2, 2, 3];
  const planOf = (name: SamplerName) => ({
    alphaBar,
    updates: samplerNamed(name)(alphaBar, levelsPassed(10, 10)),
    shape,
    guidance: 1,
    clip: true,
  });

  it.each(["ddpm", "ddim", "dpm-solver"] as const)(
    "%s is compiled once and keeps no tensor",
    async (name) => {
      let traced = 0;
      const loop = denoiser((x) => {
        traced++;
        return tf.mul(x, 0.5);
      }, planOf(name));
      const drawn: number[] = [];
      const noise = (draw: number) => {
        drawn.push(draw);
        return new Float32Array(12).fill(0.1);
      };
      const before = tf.memory().numTensors;
      for (let i = 0; i < 2; i++) for await (const _ of loop.run(Int32Array.of(0), noise));
      for await (const _ of loop.run(Int32Array.of(0), noise)) break;
      expect(tf.memory().numTensors).toBe(before);
      expect(traced).toBe(1);
      // The last step of ddpm adds nothing.
      const once = name === "ddpm" ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : [0];
      expect(drawn).toEqual([...once, ...once, 0]);
      await loop.dispose();
    },
  );
});
