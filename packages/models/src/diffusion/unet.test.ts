/** The UNet and its training step compute what PyTorch's do (fixtures/golden/models/diffusion/make-diffusion.py, float64). */

import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { eager, jit } from "@touchstone/jit";
import { adamW, mapParams, type Params, parameterCount } from "@touchstone/nn";
import { beforeAll, describe, expect, it } from "vitest";
import { seededInput, seededParams } from "../../../../bench/src/models/params.ts";
import { alphaBarOf } from "./schedule.ts";
import { type DiffusionBatch, type DiffusionState, diffusionStep } from "./step.ts";
import { unet } from "./unet.ts";
import { unetSpecs } from "./unet-specs.ts";

/** Relative to a tensor's largest value or norm: float32 against float64. tfjs's own erf is exact to 1.5e-7 only. */
const TOLERANCE = { compiled: 1e-4, eager: 3e-4 };

interface Thinned {
  shape: number[];
  every: number;
  data: number[];
}
/** name -> [norm, dot product with a seeded probe] */
type Told = Record<string, [number, number]>;
interface Size {
  width: number;
  batch: number;
  side: { forward: number; step: number };
  forward: { labels: number[]; output: Thinned };
  step: {
    times: number[];
    labels: number[];
    loss: number;
    gradients: Told;
    change: Told;
    averageChange: Told;
  };
}
interface Golden {
  parameters: number;
  stateDict: Record<string, number[]>;
  adamW: { lr: number; stepsBefore: number };
  averageDecay: number;
  narrow: Size;
  full: Size;
}
const golden: Golden = JSON.parse(
  readFileSync(new URL("../../../../fixtures/golden/models/diffusion/unet.json", import.meta.url), "utf8"),
);

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** The benchmark's rule fills matrices as [in, out]; an embedding as it is. */
const isFlipped = (name: string, rank: number): boolean => rank === 2 && name !== "label_emb.weight";

/** A tree like the specs, filled by the rule under the names `prefix name`. */
function seeded(shapes: Record<string, readonly number[]>, prefix = ""): Params {
  const list = Object.entries(shapes).map(([name, shape]) => {
    const filled = isFlipped(name, shape.length) ? [...shape].reverse() : [...shape];
    return { name, shape: filled, uses: 0 };
  });
  const params =
    prefix === ""
      ? seededParams(list)
      : Object.fromEntries(list.map(({ name, shape }) => [name, seededInput(`${prefix} ${name}`, shape)]));
  return mapParams(params, (value, name) => (isFlipped(name, value.rank) ? tf.transpose(value) : value));
}

async function expectOutput(
  output: tf.Tensor,
  { shape, every, data }: Thinned,
  tolerance: number,
): Promise<void> {
  expect(output.shape).toEqual(shape);
  const found = (await output.data()).filter((_: number, i: number) => i % every === 0);
  const largest = Math.max(...data.map(Math.abs));
  const errors = data.map((expected, i) => Math.abs(expected - (found[i] ?? Number.NaN)) / largest);
  expect(Math.max(...errors)).toBeLessThan(tolerance);
}

async function expectTree(tree: Params, told: Told, tolerance: number): Promise<void> {
  expect(Object.keys(tree).sort()).toEqual(Object.keys(told).sort());
  const wrong: string[] = [];
  // A gradient that is zero but for rounding (of the keys' biases) is compared with what the largest one allows.
  const largest = Math.max(...Object.values(told).map(([norm]) => norm));
  for (const [name, [norm, dot]] of Object.entries(told)) {
    const value = tree[name]!;
    const found = (await (isFlipped(name, value.rank) ? tf.transpose(value) : value).data()) as Float32Array;
    const probe = await seededInput(`probe ${name}`, [found.length]).data();
    const foundNorm = Math.sqrt(found.reduce((sum, v) => sum + v * v, 0));
    const foundDot = found.reduce((sum, v, i) => sum + v * probe[i]!, 0);
    const error = Math.max(Math.abs(foundNorm - norm), Math.abs(foundDot - dot));
    if (!(error < tolerance * norm + 1e-7 * largest)) wrong.push(`${name}: ${error / norm}`);
  }
  expect(wrong).toEqual([]);
}

describe("the specs", () => {
  it("are those of PyTorch's state dict: names, order and shapes", () => {
    const specs = unetSpecs();
    const disk = Object.entries(specs).map(([name, { shape }]) => {
      const [h, w, fanIn, out] = shape;
      return [name, shape.length === 4 ? [out, fanIn, h, w] : [...shape]];
    });
    expect(disk).toEqual(Object.entries(golden.stateDict));
    expect(parameterCount(specs)).toBe(golden.parameters);
    expect(golden.parameters).toBe(4_561_027); // the report's
  });

  it.each([0, 6, -4, 4.5, Number.NaN])("refuse the width %s", (width) => {
    expect(() => unetSpecs({ width })).toThrow(/width: expected a multiple of the 4 heads, found/);
  });
});

const shapesOf = (width: number) =>
  Object.fromEntries(Object.entries(unetSpecs({ width })).map(([name, { shape }]) => [name, shape]));

function batchOf({ batch, side, step }: Size): DiffusionBatch {
  const alphaBar = alphaBarOf();
  const at = (f: (alphaBar: number) => number) => tf.tensor1d(step.times.map((t) => f(alphaBar[t + 1]!)));
  return {
    images: seededInput("images", [batch, side.step, side.step, 3]) as tf.Tensor4D,
    noise: seededInput("noise", [batch, side.step, side.step, 3]) as tf.Tensor4D,
    times: tf.tensor1d(step.times),
    signal: at(Math.sqrt),
    sigma: at((a) => Math.sqrt(1 - a)),
    labels: tf.tensor1d(step.labels, "int32"),
  };
}

describe.each([
  ["compiled", jit, "full"],
  ["eager", eager, "narrow"],
] as const)("%s", (engine, compile, width) => {
  const size = golden[width];
  const tolerance = TOLERANCE[engine];

  it("forward, an image without a label among them", async () => {
    const { batch, forward, side } = size;
    const run = compile((params: Params, x: tf.Tensor4D, times: tf.Tensor1D, labels: tf.Tensor1D) =>
      unet(params, x, times, labels),
    );
    const x = seededInput("x", [batch, side.forward, side.forward, 3]) as tf.Tensor4D;
    const times = tf.mul<tf.Tensor1D>(tf.add(seededInput("t", [batch]), 1), 499);
    const labels = Int32Array.from(forward.labels);
    await expectOutput(await run(seeded(shapesOf(size.width)), x, times, labels), forward.output, tolerance);
    await run.dispose();
  });

  it("a step: loss, every gradient, AdamW, moving average", async () => {
    const { adamW: options, averageDecay } = golden;
    const shapes = shapesOf(size.width);
    const params = seeded(shapes);
    const state: DiffusionState = {
      params,
      average: params,
      moments: {
        step: tf.scalar(options.stepsBefore),
        mean: mapParams(seeded(shapes, "mean"), (u) => tf.mul(u, 1e-3)),
        square: mapParams(seeded(shapes, "square"), (u) => tf.mul(tf.add(u, 1.5), 1e-6)),
      },
    };
    const run = compile((state: DiffusionState, batch: DiffusionBatch) => {
      const rates = { learning: tf.scalar(options.lr), decay: tf.scalar(averageDecay) };
      const { state: next, loss } = diffusionStep(state, batch, rates, adamW());
      const since = (tree: Params) => mapParams(tree, (p, name) => tf.sub(p, state.params[name]!));
      // mean = 0.9 mean before + 0.1 gradient
      const gradients = mapParams(next.moments.mean, (m, name) =>
        tf.mul(tf.sub(m, tf.mul(state.moments.mean[name]!, 0.9)), 10),
      );
      return { loss, gradients, change: since(next.params), averageChange: since(next.average) };
    });
    const { loss, gradients, change, averageChange } = await run(state, batchOf(size));
    expect((await loss.data())[0]! / size.step.loss).toBeCloseTo(1, 5);
    await expectTree(gradients, size.step.gradients, tolerance);
    await expectTree(change, size.step.change, tolerance);
    await expectTree(averageChange, size.step.averageChange, tolerance);
    await run.dispose();
  });
});
