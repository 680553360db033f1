/** The package as a whole: the training step that `index.ts` shows, on a small network. */

import * as tf from "@tensorflow/tfjs";
import { eager, jit } from "@touchstone/jit";
import { describe, expect, it } from "vitest";
import {
  type AdamState,
  adam,
  batchNorm,
  batchNormSpecs,
  conv2d,
  conv2dSpecs,
  crossEntropy,
  dropout,
  flatten,
  generatorFromSeed,
  initialize,
  linear,
  linearSpecs,
  normal,
  type Params,
  partition,
  scoped,
  valueAndGradients,
} from "./index.ts";

const specs = {
  ...scoped("net.0", conv2dSpecs(1, 4, 4, { bias: false, init: normal(0, 0.02) })),
  ...scoped("net.1", batchNormSpecs(4)),
  ...scoped("net.4", linearSpecs(4 * 4 * 4, 2)),
};

function classify(params: Params, x: tf.Tensor4D, noise: tf.Tensor) {
  const map = conv2d(params, "net.0", x, { stride: 2, padding: 1 }); // [b, 4, 4, 4]
  const { y, buffers } = batchNorm(params, "net.1", map, { training: true });
  return { logits: linear(params, "net.4", flatten(dropout(tf.relu(y), noise, 0.2))), buffers };
}

type State = { trained: Params; buffers: Params; moments: AdamState };

const optimizer = adam();

function step(state: State, x: tf.Tensor4D, labels: tf.Tensor1D, noise: tf.Tensor, rate: tf.Tensor) {
  const { loss, buffers, gradients } = valueAndGradients((trained) => {
    const { logits, buffers } = classify({ ...trained, ...state.buffers }, x, noise);
    return { loss: crossEntropy(logits as tf.Tensor2D, labels), buffers };
  }, state.trained);
  const { params, state: moments } = optimizer.update(state.trained, gradients, state.moments, rate);
  return { loss, state: { trained: params, buffers, moments } };
}

/** Eight images that are bright at the top (class 0) or at the bottom (class 1). */
const labels = Int32Array.from({ length: 8 }, (_, i) => i % 2);
const images = (): tf.Tensor4D => {
  const noise = generatorFromSeed(1).normal(8 * 64);
  const pixels = noise.map((v, i) => v + ((i % 64 < 32 ? 0 : 1) === labels[Math.floor(i / 64)] ? 2 : 0));
  return tf.tensor4d(pixels, [8, 8, 8, 1]);
};

describe.each([
  ["compiled", jit],
  ["eager", eager],
] as const)("a training step, %s", (_, compile) => {
  it("learns, keeps no tensor, and is compiled once for all learning rates", async () => {
    let traced = 0;
    const run = compile((...args: Parameters<typeof step>) => {
      traced++;
      return step(...args);
    });
    const { trained, buffers } = partition(initialize(specs, generatorFromSeed(0)), specs);
    let state: State = { trained, buffers, moments: optimizer.init(trained) };
    const [x, noise] = [images(), tf.tensor(generatorFromSeed(2).uniform(8 * 64), [8, 4, 4, 4])];
    const losses: number[] = [];
    let tensors = 0;
    for (let i = 0; i < 30; i++) {
      const result = await run(state, x, labels, noise, Float32Array.of(0.01 / (1 + i / 100)));
      losses.push((await result.loss.data())[0]!);
      tf.dispose([state, result.loss]);
      state = result.state;
      tensors ||= tf.memory().numTensors;
    }
    // Before it has learned, log 2 and a little.
    expect(losses[0]).toBeGreaterThan(0.5);
    expect(losses.at(-1)).toBeLessThan(0.1);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(Object.keys(state.trained).sort()).toEqual(Object.keys(trained).sort());
    if (compile === jit) expect(traced).toBe(1);
  });
});
