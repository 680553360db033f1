// The benchmark's networks compute what their PyTorch mirrors compute: `pnpm --filter @touchstone/bench test`.
// TOUCHSTONE_SLOW=1 adds the training steps on TensorFlow.js's own cpu backend: two minutes.
// The reference, fixtures/golden/bench-parity.json, is float64 PyTorch on the same seeded weights (peers/make_parity.py).
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { eager, jit } from "@touchstone/jit";
import { beforeAll, describe, expect, it } from "vitest";
import {
  DISCRIMINATOR_ADAM,
  discriminatorSpecs,
  discriminatorStep,
  generator,
  generatorSpecs,
  splitBuffers,
} from "./dcgan.ts";
import { inception, inceptionSpecs } from "./inception.ts";
import { type Params, parameterCount, seededInput, seededParams } from "./params.ts";
import { adam, emptyAdam } from "./train.ts";
import { UNET_ADAMW, type UnetInput, unet, unetStep } from "./unet.ts";
import { unetSpecs } from "./unet-specs.ts";

const TOLERANCE = 1e-4; // relative to a tensor's largest value or norm: float32 against float64
const INCEPTION_SIDE = 75;
const UNET_SIDE = 12;
const MINUTES = 60_000;

interface Thinned {
  shape: number[];
  every: number;
  data: number[];
}
/** name -> [norm, dot product with the seeded probe] */
type Told = Record<string, [number, number]>;
interface Trained {
  loss: number;
  gradients: Told;
  buffers: Told;
}
interface Parity {
  inception: Thinned;
  unet: Thinned;
  generator: Thinned;
  discriminatorStep: Trained;
  unetStep: Trained;
  adam: number[];
  adamW: number[];
  counts: Record<"Inception" | "UNet" | "Generator" | "Discriminator", number>;
}
const parity: Parity = JSON.parse(
  readFileSync(new URL("../../../fixtures/golden/bench-parity.json", import.meta.url), "utf8"),
);

beforeAll(async () => {
  await tf.setBackend("cpu");
});

async function expectOutput(output: tf.Tensor, { shape, every, data }: Thinned): Promise<void> {
  expect(output.shape).toEqual(shape);
  const found = (await output.data()).filter((_, i) => i % every === 0);
  const largest = Math.max(...data.map(Math.abs));
  const error =
    Math.max(...data.map((expected, i) => Math.abs(expected - (found[i] ?? Number.NaN)))) / largest;
  expect(error).toBeLessThan(TOLERANCE);
}

/** Compares tree / scale. After one step, Adam's first moment is (1 - beta1) times the gradient. */
async function expectTree(tree: Params, scale: number, told: Told): Promise<void> {
  expect(Object.keys(tree).sort()).toEqual(Object.keys(told).sort());
  const wrong: string[] = [];
  for (const [name, [norm, dot]] of Object.entries(told)) {
    const found = Float32Array.from(await tree[name]!.data(), (v) => v / scale);
    const probe = await seededInput(`probe ${name}`, [found.length]).data();
    const foundNorm = Math.sqrt(found.reduce((sum, v) => sum + v * v, 0));
    const foundDot = found.reduce((sum, v, i) => sum + v * probe[i]!, 0);
    const error = Math.max(Math.abs(foundNorm - norm), Math.abs(foundDot - dot)) / norm;
    if (!(error < TOLERANCE)) wrong.push(`${name}: ${error}`);
  }
  expect(wrong).toEqual([]);
}

function unetInput(batch: number, side: number): UnetInput {
  const labels = tf.oneHot(tf.range(0, batch, 1, "int32"), 10, 1, 0, "float32") as tf.Tensor2D;
  const t = tf.mul(tf.add(seededInput("t", [batch]), 1), 499) as tf.Tensor1D;
  return { x: seededInput("x", [batch, side, side, 3]) as tf.Tensor4D, t, labels };
}

describe("parameter counts", () => {
  it.each([
    ["UNet", unetSpecs()],
    ["Inception", inceptionSpecs()],
    ["Generator", generatorSpecs()],
    ["Discriminator", discriminatorSpecs()],
  ] as const)("%s", (name, specs) => {
    expect(parameterCount([...specs])).toBe(parity.counts[name]);
  });

  it("the UNet has the report's 4,561,027", () => {
    expect(parameterCount(unetSpecs())).toBe(4_561_027);
  });
});

const slow = process.env.TOUCHSTONE_SLOW === "1";

describe.each([
  { engine: "compiled", compile: jit, trains: true },
  {
    engine: "eager cpu",
    compile: <A extends unknown[], R>(fn: (...args: A) => R) => eager(fn, { backend: "cpu" }),
    trains: slow,
  },
])("$engine", ({ compile, trains }) => {
  it("Inception-v3 forward", { timeout: 5 * MINUTES }, async () => {
    const params = seededParams(inceptionSpecs(INCEPTION_SIDE));
    const run = compile((x: tf.Tensor4D) => inception(params, x));
    const x = seededInput("x", [1, INCEPTION_SIDE, INCEPTION_SIDE, 3]) as tf.Tensor4D;
    await expectOutput(await run(x), parity.inception);
  });

  it("UNet forward", { timeout: 2 * MINUTES }, async () => {
    const params = seededParams(unetSpecs());
    const run = compile((input: UnetInput) => unet(params, input));
    await expectOutput(await run(unetInput(1, 28)), parity.unet);
  });

  it("DCGAN generator forward", { timeout: MINUTES }, async () => {
    const params = seededParams(generatorSpecs());
    const run = compile((z: tf.Tensor4D) => generator(params, z));
    await expectOutput(await run(seededInput("z", [2, 1, 1, 100]) as tf.Tensor4D), parity.generator);
  });

  it.runIf(trains)("DCGAN discriminator training step", { timeout: 5 * MINUTES }, async () => {
    const { params, buffers } = splitBuffers(seededParams(discriminatorSpecs()));
    const images = seededInput("images", [2, 64, 64, 3]) as tf.Tensor4D;
    const before = { params, buffers, adam: emptyAdam(params) };
    const { state, loss } = await compile(discriminatorStep)(before, { images, labels: tf.tensor1d([1, 0]) });
    expect((await loss.data())[0]).toBeCloseTo(parity.discriminatorStep.loss, 5);
    await expectTree(state.adam.m, 1 - DISCRIMINATOR_ADAM.beta1, parity.discriminatorStep.gradients);
    await expectTree(state.buffers, 1, parity.discriminatorStep.buffers);
  });

  it.runIf(trains)("UNet training step", { timeout: 5 * MINUTES }, async () => {
    const params = seededParams(unetSpecs());
    const noise = seededInput("noise", [2, UNET_SIDE, UNET_SIDE, 3]) as tf.Tensor4D;
    const before = { params, adam: emptyAdam(params) };
    const { state, loss } = await compile(unetStep)(before, { ...unetInput(2, UNET_SIDE), noise });
    expect((await loss.data())[0]).toBeCloseTo(parity.unetStep.loss, 4);
    await expectTree(state.adam.m, 1 - UNET_ADAMW.beta1, parity.unetStep.gradients);
  });
});

describe("three steps of", () => {
  it.each([
    ["Adam", DISCRIMINATOR_ADAM, parity.adam],
    ["AdamW", UNET_ADAMW, parity.adamW],
  ] as const)("%s", async (_, options, expected) => {
    let params: Params = { p: seededInput("p", [40]) };
    let state = emptyAdam(params);
    for (let i = 0; i < 3; i++) {
      const g = tf.pow(seededInput(`g${i}`, [40]), 3);
      ({ params, adam: state } = adam(params, { p: g }, state, options));
    }
    await expectOutput(params.p as tf.Tensor, { shape: [40], every: 1, data: [...expected] });
  });
});
