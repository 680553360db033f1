import * as tf from "@tensorflow/tfjs";
import { describe, it } from "vitest";
import { bothWays, expectTensors, readGolden, tensorsOf } from "../../test/golden.ts";
import { logSoftmax, silu } from "./activations.ts";

const FUNCTIONS = { silu, logSoftmax };

describe("activations and their gradients, once and twice, from PyTorch", () => {
  it.each(
    readGolden<{ function: keyof typeof FUNCTIONS }>("activations.json").map((c) => [c.name, c] as const),
  )("%s", async (_, c) => {
    const f = FUNCTIONS[c.attrs.function];
    const { x, dy, v } = tensorsOf(c) as Record<string, tf.Tensor>;
    const gradient = (x: tf.Tensor, dy: tf.Tensor) => tf.grad((x) => tf.sum(tf.mul(f(x), dy)))(x);
    const run = (x: tf.Tensor, dy: tf.Tensor, v: tf.Tensor) => ({
      y: f(x),
      "grad.x": gradient(x, dy),
      "twice.x": tf.grad((x) => tf.sum(tf.mul(gradient(x, dy), v)))(x),
    });
    const { y, "grad.x": once, "twice.x": twice } = c.tensors;
    await bothWays(run, [x!, dy!, v!], (found) =>
      expectTensors(found, { y: y!, "grad.x": once!, "twice.x": twice! }),
    );
  });
});
