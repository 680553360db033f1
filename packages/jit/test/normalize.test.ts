import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { expectAgreement, expectGradientAgreement } from "./agreement.ts";
import { floats, runs } from "./arbitrary.ts";

type Image = tf.Tensor4D;

const upTo = (max: number) => fc.integer({ min: 1, max });
const check = <T>(inputs: fc.Arbitrary<T>, property: (input: T) => Promise<void>) =>
  fc.assert(fc.asyncProperty(inputs, property), {
    numRuns: 2 * runs.numRuns,
  });

describe("batchNorm", () => {
  const positive = { min: 0.1, max: 3 };
  /** An image with statistics, offset and scale of one shape: one number for each channel, or for each element. */
  const cases = fc
    .tuple(fc.array(upTo(4), { minLength: 2, maxLength: 4 }), fc.boolean())
    .chain(([shape, elementwise]) => {
      const per = elementwise ? shape : shape.slice(-1);
      return fc.tuple(floats(shape), floats(per), floats(per, positive), floats(per), floats(per));
    });

  it("by statistics that are arguments, and its gradients", () =>
    check(cases, (inputs) =>
      expectGradientAgreement(
        (x: tf.Tensor, mean: tf.Tensor1D, variance: tf.Tensor1D, offset: tf.Tensor1D, scale: tf.Tensor1D) =>
          tf.batchNorm(x, mean, variance, offset, scale, 1e-3),
        inputs,
        { terms: 256 },
      ),
    ));

  it("without offset or scale", () =>
    check(cases, async ([x, mean, variance, offset, scale]) => {
      await expectAgreement(
        (y: tf.Tensor, m: tf.Tensor1D, v: tf.Tensor1D) => tf.batchNorm(y, m, v),
        [x, mean, variance],
      );
      await expectAgreement(
        (y: tf.Tensor, m: tf.Tensor1D, v: tf.Tensor1D, o: tf.Tensor1D) => tf.batchNorm(y, m, v, o),
        [x, mean, variance, offset],
      );
      await expectAgreement(
        (y: tf.Tensor, m: tf.Tensor1D, v: tf.Tensor1D, s: tf.Tensor1D) => tf.batchNorm(y, m, v, undefined, s),
        [x, mean, variance, scale],
      );
    }));

  it("by constants after a convolution, which ONNX Runtime folds into its weights", () => {
    const layers = fc
      .tuple(upTo(3), upTo(4))
      .chain(([ci, co]) =>
        fc.tuple(
          floats([2, 4, 4, ci]),
          floats([3, 3, ci, co]),
          floats([co]),
          floats([co], positive),
          floats([co]),
        ),
      );
    return check(layers, ([x, filter, mean, variance, offset]) =>
      expectAgreement(
        (y: Image) => {
          const z = tf.conv2d(y, filter as Image, 1, "same");
          return tf.relu(
            tf.batchNorm(z, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D),
          );
        },
        [x],
        { terms: 27 },
      ),
    );
  });

  it("by the batch's own statistics, and its gradients", () =>
    check(
      fc.tuple(upTo(3), upTo(4)).chain(([n, c]) => fc.tuple(floats([n, 4, 4, c]), floats([c]), floats([c]))),
      (inputs) =>
        expectGradientAgreement(
          (x: Image, offset: tf.Tensor1D, scale: tf.Tensor1D) => {
            const { mean, variance } = tf.moments(x, [0, 1, 2]);
            return tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale, 1e-5);
          },
          inputs,
          { terms: 256 },
        ),
    ));
});

describe("localResponseNormalization", () => {
  const cases = fc.record({
    x: fc.tuple(upTo(2), upTo(4), upTo(4), upTo(7)).chain((shape) => floats(shape)),
    radius: fc.nat(4),
    bias: fc.constantFrom(0.5, 1, 2),
    alpha: fc.constantFrom(0, 0.01, 1),
    beta: fc.constantFrom(0, 0.5, 0.75, 1),
  });

  it("with any radius, and its gradient", () =>
    check(cases, ({ x, radius, bias, alpha, beta }) =>
      expectGradientAgreement(
        (y: Image) => tf.localResponseNormalization(y, radius, bias, alpha, beta),
        [x],
        { terms: 16 },
      ),
    ));

  it("of a single image", () =>
    check(floats([3, 3, 5]), (x) =>
      expectAgreement((y: tf.Tensor3D) => tf.localResponseNormalization(y), [x]),
    ));
});
