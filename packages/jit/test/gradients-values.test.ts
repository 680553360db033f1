/** The gradients in `src/gradients/elementwise.ts` and `products.ts`. */

import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { expectGradientAgreement } from "./agreement.ts";
import { broadcastable, floats, ints, shape } from "./arbitrary.ts";
import { type Fn, kernel, property } from "./finite-differences.ts";

describe("elementwise", () => {
  /** Multiples of 1/4 with no element of a equal to one of b, nor nearer to it than twice the step. */
  const apart = shape(1, 3)
    .chain(broadcastable)
    .chain(([a, b]) => fc.tuple(ints(a), ints(b)))
    .map(([a, b]) => [tf.mul(0.5, a), tf.add(tf.mul(0.5, b), 0.25)]);
  for (const [name, op] of Object.entries({
    maximum: tf.maximum,
    minimum: tf.minimum,
    squaredDifference: tf.squaredDifference,
  })) {
    it(`${name} with broadcasting`, () =>
      property(apart.map((inputs) => ({ inputs, twice: true, fn: (a, b) => op(a!, b!) }))));
  }
  it("maximum and minimum of equal elements go to the first argument, as in tfjs", () =>
    expectGradientAgreement(
      (a: tf.Tensor, b: tf.Tensor) => [tf.maximum(a, b), tf.minimum(a, b)],
      [tf.tensor1d([1, 2]), tf.tensor2d([[1], [2]])],
    ));
  it("EluGrad", () =>
    property(
      shape(1, 3)
        .chain((d) => fc.tuple(floats(d), ints(d)))
        .map(([dy, y]) => ({
          // Away from the kink at 0.
          inputs: [dy, tf.add(tf.mul(0.25, y), 0.125)],
          fn: (d, t) => kernel("EluGrad", { dy: d!, y: t! }, {}),
        })),
    ));
  const activations: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    abs: tf.abs,
    clipByValue: (x) => tf.clipByValue(x, -1.2, 1.2),
    elu: tf.elu,
    leakyRelu: (x) => tf.leakyRelu(x, 0.3),
    "leakyRelu, falling on the left": (x) => tf.leakyRelu(x, -0.3),
    prelu: (x) => tf.prelu(x, tf.scalar(0.3)),
    relu: tf.relu,
    relu6: tf.relu6,
    selu: tf.selu,
    sigmoid: tf.sigmoid,
    softplus: tf.softplus,
    tanh: tf.tanh,
  };
  // The gradient of a gradient penalty: that of sum f'(x)^2 is 2 f' f''.
  it.each(Object.keys(activations))("%s can be differentiated twice", (name) =>
    expectGradientAgreement(
      (x: tf.Tensor) => tf.grad((t: tf.Tensor) => tf.sum(tf.square(activations[name]!(t))))(x),
      [tf.tensor1d([-2, -0.5, 0.25, 3])],
    ),
  );
});

describe("products", () => {
  const batches = fc
    .tuple(shape(1, 2, 3), fc.nat(2), fc.boolean(), fc.boolean())
    .map(([d, drop, keep, swap]): [number[], number[]] => {
      const small = d.map((dim, i) => (i < drop ? 1 : dim)).slice(keep ? 0 : drop);
      return swap ? [small, d] : [d, small];
    });
  const running = shape(1, 3, 4).chain((dims) =>
    fc.record({
      x: floats(dims),
      axis: fc.integer({ min: 0, max: dims.length - 1 }),
      exclusive: fc.boolean(),
      reverse: fc.boolean(),
    }),
  );
  it("cumprod, with a zero among its factors", () =>
    property(
      running.map(({ x, axis, exclusive, reverse }) => ({
        inputs: [tf.mul(x, tf.cast(tf.greater(x, -0.3), "float32"))],
        twice: true,
        fn: (t) => tf.cumprod(t!, axis, exclusive, reverse),
      })),
    ));
  it("cumsum along any axis", () =>
    property(
      running.map(({ x, axis, exclusive, reverse }) => ({
        inputs: [x],
        twice: true,
        fn: (t) => tf.cumsum(t!, axis, exclusive, reverse),
      })),
    ));
  it("prod over any axes, counted from either end", () =>
    property(
      shape(1, 3, 3).chain((d) =>
        fc
          .tuple(
            floats(d),
            fc.uniqueArray(fc.integer({ min: -d.length, max: d.length - 1 }), {
              minLength: 1,
              selector: (i) => (i + d.length) % d.length,
            }),
          )
          .map(
            ([x, axes]) => ({ inputs: [x], twice: true, fn: (t: tf.Tensor) => tf.prod(t, axes) }) as never,
          ),
      ),
    ));
  it.each([
    "ij,jk->ik",
    "bij,kj->bik",
    "i,j->ij",
    "ij,ij->",
    "ij->ji",
    "ij->i",
    "ijk->",
    "ab,bcd->ac",
    "nc,nd->cd",
  ])("einsum %s", (equation) => {
    const terms = equation.split("->")[0]!.split(",");
    return property(
      fc
        .tuple(...terms.map((t) => floats([...t].map((label) => 1 + (label.charCodeAt(0) % 4)))))
        .map((inputs) => ({ inputs, twice: true, fn: (...xs) => tf.einsum(equation, ...xs) })),
    );
  });
  // Of leading axes: tfjs's cpu backend computes no other broadcast rightly.
  it("matMul with broadcast batches", () =>
    property(
      fc.tuple(batches, fc.boolean(), fc.boolean()).chain(([[p, q], transposeA, transposeB]) =>
        fc
          .tuple(
            floats([...p, ...(transposeA ? [3, 2] : [2, 3])]),
            floats([...q, ...(transposeB ? [4, 3] : [3, 4])]),
          )
          .map(([a, b]) => ({
            inputs: [a, b] as tf.Tensor[],
            twice: true,
            fn: ((x, y) => tf.matMul(x!, y!, transposeA, transposeB)) as Fn,
          })),
      ),
    ));
});
