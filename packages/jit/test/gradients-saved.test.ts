/** Second derivatives of functions whose gradient tfjs writes with their saved result: `src/gradients/from-inputs.ts`. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { engineName, onEngine } from "./engine.ts";

const X = [-0.7, 0.5, 1.1];

/** For sum(f(x)^2) of scalars: its second derivative is 2 f'^2 + 2 f f''. */
const CASES: Record<string, { fn: (x: tf.Tensor) => tf.Tensor; f: (x: number) => [number, number, number] }> =
  {
    exp: { fn: tf.exp, f: (x) => [Math.exp(x), Math.exp(x), Math.exp(x)] },
    sigmoid: {
      fn: tf.sigmoid,
      f: (x) => {
        const y = 1 / (1 + Math.exp(-x));
        return [y, y * (1 - y), y * (1 - y) * (1 - 2 * y)];
      },
    },
    tanh: {
      fn: tf.tanh,
      f: (x) => {
        const y = Math.tanh(x);
        return [y, 1 - y * y, -2 * y * (1 - y * y)];
      },
    },
    elu: { fn: tf.elu, f: (x) => (x > 0 ? [x, 1, 0] : [Math.expm1(x), Math.exp(x), Math.exp(x)]) },
    "pow by its exponent": {
      fn: (x) => tf.pow(3, x),
      f: (x) => [3 ** x, Math.log(3) * 3 ** x, Math.log(3) ** 2 * 3 ** x],
    },
    "pow by its base": {
      fn: (x) => tf.pow(tf.square(x), 1.5),
      f: (x) => [Math.abs(x) ** 3, 3 * x * Math.abs(x), 6 * Math.abs(x)],
    },
    // Of two logits the first: softmax([x, 0])[0] is the sigmoid of x.
    softmax: {
      fn: (x) => tf.slice(tf.softmax(tf.stack([x, tf.zerosLike(x)], 1)), [0, 0], [-1, 1]),
      f: (x) => {
        const y = 1 / (1 + Math.exp(-x));
        return [y, y * (1 - y), y * (1 - y) * (1 - 2 * y)];
      },
    },
  };

describe("second derivatives", () => {
  for (const [name, { fn, f }] of Object.entries(CASES)) {
    it(name, async () => {
      const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.square(fn(x)));
      const second = (x: tf.Tensor): tf.Tensor => tf.grad((y) => tf.sum(tf.grad(loss as never)(y)))(x);
      const want = X.map((x) => {
        const [value, first, curvature] = f(x);
        return 2 * first * first + 2 * value * curvature;
      });
      const x = tf.tensor1d(X);
      const onCpu = second(x).dataSync();
      const run = onEngine(second);
      const found = await (await run(x)).data();
      await run.dispose();
      for (const [i, expected] of want.entries()) {
        expect(onCpu[i], `cpu backend at ${X[i]}`).toBeCloseTo(expected, 4);
        expect(found[i], `${engineName} at ${X[i]}`).toBeCloseTo(expected, 4);
      }
    });
  }
});
