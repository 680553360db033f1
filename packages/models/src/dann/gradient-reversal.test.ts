/** The reversal layer changes nothing but the sign and size of what flows back. */

import * as tf from "@tensorflow/tfjs";
import { eager, jit } from "@touchstone/jit";
import { valueAndGradients } from "@touchstone/nn";
import { describe, expect, it } from "vitest";
import { reversalStrength, reverseGradient } from "./gradient-reversal.ts";

const x = [0.5, -1, 2, 3];
const weights = [1, 2, -3, 0.25];

describe.each([
  ["compiled", jit],
  ["eager", eager],
] as const)("reverseGradient, %s", (_, compile) => {
  it.each([0, 0.25, 1])("is the identity; d sum(w x^3) / dx comes back times -%d", async (lambda) => {
    const run = compile((x: tf.Tensor, lambda: tf.Tensor) =>
      valueAndGradients(
        ({ x }) => {
          const y = reverseGradient(x!, lambda);
          return { loss: tf.sum(tf.mul(tf.pow(y, 3), weights)), y };
        },
        { x },
      ),
    );
    const { y, gradients } = await run(Float32Array.from(x), Float32Array.of(lambda));
    expect([...(await y.data())]).toEqual(x);
    const expected = x.map((v, i) => -lambda * 3 * v * v * weights[i]!);
    const found = await gradients.x!.data();
    expected.forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 5);
    });
  });

  it("is differentiable twice: each way back reverses once", async () => {
    const lambda = 0.5;
    // f = sum(r(x)^3): its gradient is -lambda 3 x^2, and that one's, through r again, lambda^2 6 x.
    const run = compile((x: tf.Tensor) => {
      const slope = tf.grad((x) => tf.sum(tf.pow(reverseGradient(x, tf.scalar(lambda)), 3)));
      return tf.grad((x) => tf.sum(slope(x)))(x);
    });
    const found = await (await run(Float32Array.from(x))).data();
    x.forEach((v, i) => {
      expect(found[i]).toBeCloseTo(lambda ** 2 * 6 * v, 5);
    });
  });

  it("nothing flows back to the strength", async () => {
    const run = compile((x: tf.Tensor) => tf.grad((l) => tf.sum(reverseGradient(x, l)))(tf.scalar(0.5)));
    expect([...(await (await run(Float32Array.from(x))).data())]).toEqual([0]);
  });
});

describe("reversalStrength", () => {
  it.each([
    [0, 0],
    [0.1, 0.46211715726],
    [0.5, 0.98661429815],
    [1, 0.99990920426],
  ])("at %d it is tanh(5 p) = %d", (progress, expected) => {
    expect(reversalStrength(progress)).toBeCloseTo(expected, 10);
    expect(reversalStrength(progress)).toBeCloseTo(Math.tanh(5 * progress), 12);
  });
});
