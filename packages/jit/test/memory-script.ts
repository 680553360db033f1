/** Runs 1,000 steps of a compiled update and prints how tensor count and resident memory changed after the first 100, the latter
 * in the stretch of 300 steps in which it grew least. */

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
const tensors = tf.memory().numTensors;
// A leak grows in every stretch of steps; what the allocator keeps or gives back does not.
const growths: number[] = [];
for (let stretch = 0; stretch < 3; stretch++) {
  const before = process.memoryUsage().rss;
  await run(300);
  globalThis.gc?.();
  growths.push((process.memoryUsage().rss - before) / 2 ** 20);
}
console.log(
  JSON.stringify({
    tensors: tf.memory().numTensors - tensors,
    growthMiB: Math.min(...growths),
    stateMiB: (2 * SIZE * 4) / 2 ** 20,
  }),
);
