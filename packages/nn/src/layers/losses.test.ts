import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { bothWays, expectTensors, readGolden, tensorsOf } from "../../test/golden.ts";
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  meanSquaredError,
  negativeLogLikelihood,
} from "./losses.ts";

const LOSSES = {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  meanSquaredError,
  negativeLogLikelihood,
};

interface Attrs {
  function: keyof typeof LOSSES;
  labelSmoothing?: number;
}

describe("losses and their gradients, from PyTorch", () => {
  it.each(readGolden<Attrs>("losses.json").map((c) => [c.name, c] as const))("%s", async (_, c) => {
    const { function: name, ...options } = c.attrs;
    const loss = LOSSES[name] as (x: tf.Tensor, target: tf.Tensor, options: object) => tf.Scalar;
    const { x, target } = tensorsOf(c) as Record<string, tf.Tensor>;
    const run = (x: tf.Tensor, target: tf.Tensor) => ({
      y: loss(x, target, options),
      "grad.x": tf.grad((x) => loss(x, target, options))(x),
    });
    const { y, "grad.x": gradient } = c.tensors;
    await bothWays(run, [x!, target!], (found) => expectTensors(found, { y: y!, "grad.x": gradient! }));
  });
});

describe("binaryCrossEntropy", () => {
  const p = tf.tensor1d([0.2, 0.7]);
  const t = tf.tensor1d([1, 0]);

  it("has the second derivative t / p^2 + (1 - t) / (1 - p)^2, over n", () => {
    const slope = (p: tf.Tensor) => tf.sum(tf.grad((p) => binaryCrossEntropy(p, t))(p));
    const curvature = Array.from(tf.grad(slope)(p).dataSync());
    expect(curvature).toEqual([1 / 0.2 ** 2 / 2, 1 / 0.3 ** 2 / 2].map((v) => expect.closeTo(v, 4)));
  });

  it("has the gradient log((1 - p) / p) by the target, over n", () => {
    const gradient = tf
      .grad((t) => binaryCrossEntropy(p, t))(t)
      .dataSync();
    const expected = [Math.log(0.8 / 0.2) / 2, Math.log(0.3 / 0.7) / 2];
    expect(Array.from(gradient)).toEqual(expected.map((v) => expect.closeTo(v, 5)));
  });
});

describe("losses refuse", () => {
  it("targets of another shape, which would broadcast", () => {
    const [x, y] = [tf.zeros([4, 1]), tf.zeros([4])];
    for (const loss of [meanSquaredError, binaryCrossEntropy, binaryCrossEntropyWithLogits])
      expect(() => loss(x, y as tf.Tensor)).toThrow("the targets: expected [4, 1], found [4]");
  });

  it("labels of another batch", () => {
    const labels = tf.tensor1d([0, 1, 2], "int32");
    expect(() => crossEntropy(tf.zeros([2, 3]), labels)).toThrow("the labels: expected [2], found [3]");
  });
});
