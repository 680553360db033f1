import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { bothWays, expectTensors } from "../../test/golden.ts";
import { generatorFromSeed } from "../random/generator.ts";
import { dropout } from "./dropout.ts";

describe("dropout", () => {
  it("drops where the noise is below the rate and scales the rest", () => {
    const y = dropout(tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([0, 0.2, 0.25, 0.9]), 0.25);
    expect(Array.from(y.dataSync(), (v) => v * 0.75)).toEqual([0, 0, 3, 4].map((v) => expect.closeTo(v, 6)));
  });

  it("passes the gradient where it passes the value, and runs compiled", async () => {
    const run = (x: tf.Tensor, noise: tf.Tensor) => ({
      y: dropout(x, noise, 0.5),
      dx: tf.grad((x) => tf.sum(dropout(x, noise, 0.5)))(x),
    });
    await bothWays(run, [tf.tensor1d([3, 4]), tf.tensor1d([0.4, 0.6])], (found) =>
      expectTensors(found, { y: { shape: [2], data: [0, 8] }, dx: { shape: [2], data: [0, 2] } }),
    );
  });

  it("drops whole channels by noise of a number each", () => {
    const y = dropout(tf.ones([1, 2, 1, 2]), tf.tensor4d([0.1, 0.9], [1, 1, 1, 2]), 0.5);
    expect(Array.from(y.dataSync())).toEqual([0, 2, 0, 2]);
  });

  it("keeps the mean: over 10,000 ones at rate 0.3 within five standard errors of sqrt(0.3 / 0.7) / 100", () => {
    const noise = tf.tensor1d(generatorFromSeed(1).uniform(10_000));
    const mean = tf.mean(dropout(tf.ones([10_000]), noise, 0.3)).dataSync()[0]!;
    expect(Math.abs(mean - 1)).toBeLessThan((5 * Math.sqrt(0.3 / 0.7)) / 100);
  });

  it("refuses a rate of 1, and noise of another shape", () => {
    expect(() => dropout(tf.ones([2]), tf.ones([2]), 1)).toThrow("expected a number in [0, 1), found 1");
    expect(() => dropout(tf.ones([2, 3]), tf.ones([3]), 0.5)).toThrow(
      "the noise of dropout: expected [2,3], or 1 for some axes, found [3]",
    );
  });
});
