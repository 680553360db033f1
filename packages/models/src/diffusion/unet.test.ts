/** The UNet and its training step compute what PyTorch's do (fixtures/golden/models/diffusion/make-diffusion.py, float64). */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { eager, jit } from "@touchstone/jit";
import { adamW, mapParams, type Params, parameterCount, readCheckpoint } from "@touchstone/nn";
import { beforeAll, describe, expect, it } from "vitest";
import { expectOutput, expectTree, type Thinned, type Told } from "../../test/gan-parity.ts";
import { seededInput, seededParams } from "../../test/seeded.ts";
import { loadDiffusion } from "./model.ts";
import { alphaBarOf } from "./schedule.ts";
import { type DiffusionBatch, type DiffusionState, diffusionStep } from "./step.ts";
import { unet } from "./unet.ts";
import { unetSpecs } from "./unet-specs.ts";

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
const goldenPath = (file: string) =>
  fileURLToPath(new URL(`../../../../fixtures/golden/models/diffusion/${file}`, import.meta.url));
const golden: Golden = JSON.parse(readFileSync(goldenPath("unet.json"), "utf8"));

beforeAll(async () => {
  await tf.setBackend("cpu");
});

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

function inputs({ batch, side, forward }: Size): [tf.Tensor4D, tf.Tensor1D, Int32Array] {
  const x = seededInput<tf.Tensor4D>("x", [batch, side.forward, side.forward, 3]);
  const times = tf.mul<tf.Tensor1D>(tf.add(seededInput("t", [batch]), 1), 499);
  return [x, times, Int32Array.from(forward.labels)];
}

function batchOf({ batch, side, step }: Size): DiffusionBatch {
  const alphaBar = alphaBarOf();
  const at = (f: (alphaBar: number) => number) => tf.tensor1d(step.times.map((t) => f(alphaBar[t + 1]!)));
  return {
    images: seededInput("images", [batch, side.step, side.step, 3]),
    noise: seededInput("noise", [batch, side.step, side.step, 3]),
    times: tf.tensor1d(step.times),
    signal: at(Math.sqrt),
    sigma: at((a) => Math.sqrt(1 - a)),
    labels: tf.tensor1d(step.labels, "int32"),
  };
}

/** As if it had been trained for some steps. */
function seededState(width: number): DiffusionState {
  const specs = unetSpecs({ width });
  const params = seededParams(specs);
  const moment = (prefix: string) =>
    mapParams(params, (p, name) => seededInput(`${prefix} ${name}`, p.shape));
  return {
    params,
    average: params,
    moments: {
      step: tf.scalar(golden.adamW.stepsBefore),
      mean: mapParams(moment("mean"), (u) => tf.mul(u, 1e-3)),
      square: mapParams(moment("square"), (u) => tf.mul(tf.add(u, 1.5), 1e-6)),
    },
  };
}

// Compiling takes seconds of CPU time, which on a machine shared with others may be minutes.
describe.each([
  { engine: "compiled", compile: jit, size: golden.full, tolerance: 3e-5 },
  // tfjs's own erf is exact to 1.5e-7 only.
  { engine: "eager", compile: eager, size: golden.narrow, tolerance: 1e-4 },
])("$engine", { timeout: 300_000 }, ({ compile, size, tolerance }) => {
  it("forward, an image without a label among them", async () => {
    const run = compile((params: Params, x: tf.Tensor4D, times: tf.Tensor1D, labels: tf.Tensor1D) =>
      unet(params, x, times, labels),
    );
    const params = seededParams(unetSpecs(size));
    await expectOutput(await run(params, ...inputs(size)), size.forward.output);
    await run.dispose();
  });

  it("a step: loss, every gradient, AdamW, moving average", async () => {
    const run = compile((state: DiffusionState, batch: DiffusionBatch) => {
      const rates = { learning: tf.scalar(golden.adamW.lr), decay: tf.scalar(golden.averageDecay) };
      const { state: next, loss } = diffusionStep(state, batch, rates, adamW());
      const since = (tree: Params) => mapParams(tree, (p, name) => tf.sub(p, state.params[name]!));
      // mean = 0.9 mean before + 0.1 gradient
      const gradients = mapParams(next.moments.mean, (m, name) =>
        tf.mul(tf.sub(m, tf.mul(state.moments.mean[name]!, 0.9)), 10),
      );
      return { loss, gradients, change: since(next.params), averageChange: since(next.average) };
    });
    const { loss, ...trees } = await run(seededState(size.width), batchOf(size));
    expect((await loss.data())[0]! / size.step.loss).toBeCloseTo(1, 5);
    await expectTree(trees.gradients, size.step.gradients, tolerance);
    await expectTree(trees.change, size.step.change, tolerance);
    await expectTree(trees.averageChange, size.step.averageChange, tolerance);
    await run.dispose();
  });
});

const python = process.env.PYTHON || "python3";
const hasTorch = spawnSync(python, ["-c", "import torch"]).status === 0;

it.skipIf(!hasTorch)(
  `reads what torch.save wrote (skipped unless PYTHON, here ${python}, has torch)`,
  { timeout: 300_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "touchstone-diffusion-"));
    try {
      const file = join(folder, "unet.pth");
      execFileSync(python, [goldenPath("make-diffusion.py"), file]);
      const { params } = loadDiffusion(await readCheckpoint(file));
      const run = jit((x: tf.Tensor4D, times: tf.Tensor1D, labels: tf.Tensor1D) =>
        unet(params, x, times, labels),
      );
      await expectOutput(await run(...inputs(golden.full)), golden.full.forward.output);
      await run.dispose();
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
