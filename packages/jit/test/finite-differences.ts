/** Gradients against finite differences, and compiled against tfjs's cpu backend. */

import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { expectClose, expectGradientAgreement } from "./agreement.ts";

export type Fn = (...xs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/**
 * Most functions here are linear or quadratic in each single element, for which a central difference is exact; the step
 * is a power of two and large, so that only the rounding of the results is left, magnified by 1 / step.
 */
const STEP = 1 / 16;

const runs = { numRuns: Number(process.env.TOUCHSTONE_TEST_RUNS ?? 5) };

/** Fixed weights of either sign. */
function weight(i: number): number {
  return Math.sin(2.1 * i + 0.5);
}

function results(fn: Fn, inputs: tf.Tensor[]): number[] {
  return tf.tidy(() => [fn(...inputs)].flat().flatMap((y) => [...y.dataSync()]));
}

/** The weighted sum of all results, in float64. */
function total(fn: Fn, inputs: tf.Tensor[]): number {
  return results(fn, inputs).reduce((sum, value, i) => sum + weight(i) * value, 0);
}

function magnitude(fn: Fn, inputs: tf.Tensor[]): number {
  return results(fn, inputs).reduce((sum, value) => sum + Math.abs(value), 0);
}

function expectTrueGradient(fn: Fn, inputs: tf.Tensor[], which: number[]): void {
  const loss = (...xs: tf.Tensor[]): tf.Scalar => {
    const all = [...inputs];
    for (const [i, at] of which.entries()) all[at] = xs[i]!;
    let offset = 0;
    const terms = [fn(...all)].flat().map((y) => {
      const weights = Float32Array.from({ length: y.size }, () => weight(offset++));
      return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)));
    });
    return tf.addN(terms) as tf.Scalar;
  };
  const gradients = tf.grads(loss)(which.map((at) => inputs[at]!));
  const noise = (2 ** -23 * magnitude(fn, inputs)) / STEP;
  for (const [i, at] of which.entries()) {
    const x = inputs[at]!;
    const numeric = Float64Array.from({ length: x.size }, (_, j) => {
      const moved = (by: number): number => {
        const data = Float32Array.from(x.dataSync());
        data[j]! += by;
        return total(fn, inputs.with(at, tf.tensor(data, x.shape)));
      };
      return (moved(STEP) - moved(-STEP)) / (2 * STEP);
    });
    const largest = numeric.reduce((a, b) => Math.max(a, Math.abs(b)), noise);
    const tolerance = 1e-5 + noise / largest;
    expectClose(gradients[i]!.dataSync(), numeric, tolerance, `gradient of argument ${at}`);
  }
}

/** Checks the gradients with respect to the float32 arguments, and, as they are functions too, theirs. */
async function check(fn: Fn, inputs: tf.Tensor[], { twice = false } = {}): Promise<void> {
  const floating = inputs.flatMap((x, i) => (x.dtype === "float32" ? [i] : []));
  expectTrueGradient(fn, inputs, floating);
  await expectGradientAgreement(fn as never, inputs, { terms: 64 });
  if (!twice) return;
  const derivative: Fn = (...xs) => {
    const loss = (...ys: tf.Tensor[]): tf.Scalar => {
      const all = [...xs];
      for (const [i, at] of floating.entries()) all[at] = ys[i]!;
      return tf.addN([fn(...all)].flat().map((y) => tf.sum(tf.square(y)))) as tf.Scalar;
    };
    return tf.grads(loss)(floating.map((at) => xs[at]!));
  };
  await expectGradientAgreement(derivative as never, inputs, { terms: 1024 });
}

/** An example is a function and its inputs; `twice`: it is differentiated twice. */
export function property(examples: fc.Arbitrary<{ fn: Fn; inputs: tf.Tensor[]; twice?: boolean }>) {
  return fc.assert(
    fc.asyncProperty(examples, ({ fn, inputs, twice }) => check(fn, inputs, twice ? { twice } : {})),
    runs,
  );
}

/** A kernel that has no public function. */
export function kernel(name: string, inputs: tf.NamedTensorMap, attrs: object): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor;
}

export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
