/** Runs 1,000 steps of a compiled update and prints how tensor count and resident memory changed after the first 100. */

import * as tf from "@tensorflow/tfjs";
import { jit } from "../src/index.ts";

const SIZE = 1 << 18; // 1 MiB of float32
const step = jit((state: { w: tf.Tensor; m: tf.Tensor }, x: tf.Tensor) => {
  const m = tf.add(tf.mul(state.m, 0.9), x);
  return { state: { w: tf.sub(state.w, tf.mul(m, 0.01)), m }, norm: tf.sum(tf.square(m)) };
});

let state = { w: tf.zeros([SIZE]) as tf.Tensor, m: tf.zeros([SIZE]) as tf.Tensor };
const x = tf.ones([SIZE]);

async function run(steps: number): Promise<void> {
  for (let i = 0; i < steps; i++) {
    const out = await step(state, x);
    tf.dispose([state, out.norm]);
    state = out.state;
  }
}

await run(100);
globalThis.gc?.();
const before = { tensors: tf.memory().numTensors, rss: process.memoryUsage().rss };
await run(900);
globalThis.gc?.();
const after = { tensors: tf.memory().numTensors, rss: process.memoryUsage().rss };
console.log(
  JSON.stringify({
    tensors: after.tensors - before.tensors,
    growthMiB: (after.rss - before.rss) / 2 ** 20,
    stateMiB: (2 * SIZE * 4) / 2 ** 20,
  }),
);
