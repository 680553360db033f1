import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectAgreement, expectClose, expectGradientAgreement } from "./agreement.ts";
import { bools, broadcastable, floats, ints, runs, shape } from "./arbitrary.ts";
import { onEngine, TOLERANCE } from "./engine.ts";

interface Product {
  a: number[];
  b: number[];
  transposeA: boolean;
  transposeB: boolean;
}

/** Shapes [..., m, k] and [..., k, n] with the last two axes swapped where transposed. */
function products(batches: fc.Arbitrary<[number[], number[]]>): fc.Arbitrary<Product> {
  const dim = fc.integer({ min: 1, max: 6 });
  return fc
    .record({ m: dim, k: dim, n: dim, batches, transposeA: fc.boolean(), transposeB: fc.boolean() })
    .map(({ m, k, n, batches: [p, q], transposeA, transposeB }) => ({
      transposeA,
      transposeB,
      a: [...p, ...(transposeA ? [k, m] : [m, k])],
      b: [...q, ...(transposeB ? [n, k] : [k, n])],
    }));
}

const unbatched = products(fc.constant([[], []]));
const alike = products(shape(1, 2, 3).map((d) => [d, d]));
const broadcast = products(shape(1, 2, 3).chain(broadcastable));

const multiply =
  ({ transposeA, transposeB }: Product) =>
  (a: tf.Tensor, b: tf.Tensor) =>
    tf.matMul(a, b, transposeA, transposeB);

/** The product and the gradients of a weighted sum of it. */
function differentiated(fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) {
  return (a: tf.Tensor, b: tf.Tensor): tf.Tensor[] => {
    const y = fn(a, b);
    const weights = tf.reshape(tf.cos(tf.range(0, y.size)), y.shape);
    return [y, ...tf.grads((p, q) => tf.sum(tf.mul(fn(p!, q!), weights)))([a, b])];
  };
}

describe("matMul and its gradients", () => {
  for (const [name, from] of Object.entries({ "of matrices": unbatched, "of batches": alike })) {
    const inputs = from.chain((p) => fc.tuple(fc.constant(p), floats(p.a), floats(p.b)));
    it(name, () =>
      fc.assert(
        fc.asyncProperty(inputs, ([p, a, b]) => expectGradientAgreement(multiply(p), [a, b], { terms: 64 })),
        runs,
      ),
    );
  }

  // tfjs's cpu backend takes the batches of the shorter operand in turn, which is right for missing leading axes only.
  it("of broadcast batches, as if they had been repeated before", () =>
    fc.assert(
      fc.asyncProperty(
        broadcast.chain((p) => fc.tuple(fc.constant(p), floats(p.a), floats(p.b))),
        async ([p, a, b]) => {
          const batch = tf.broadcast_util.assertAndGetBroadcastShape(p.a.slice(0, -2), p.b.slice(0, -2));
          const repeated = (x: tf.Tensor): tf.Tensor => tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
          const want = differentiated((x, y) => multiply(p)(repeated(x), repeated(y)))(a, b);
          const run = onEngine(differentiated(multiply(p)));
          const got = await run(a, b);
          for (const [i, t] of got.entries()) {
            expect(t.shape).toEqual(want[i]!.shape);
            expectClose(await t.data(), want[i]!.dataSync(), TOLERANCE * 8, `result ${i}`);
          }
          await run.dispose();
        },
      ),
      runs,
    ));

  it("of int32", () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(unbatched, alike).chain((p) => fc.tuple(fc.constant(p), ints(p.a), ints(p.b))),
        ([p, a, b]) => expectAgreement(multiply(p), [a, b]),
      ),
      runs,
    ));

  it("of bool", () =>
    fc.assert(
      fc.asyncProperty(
        unbatched.chain((p) => fc.tuple(fc.constant(p), bools(p.a), bools(p.b))),
        // tfjs counts in the bools; that the result is bool and what is true in it agrees.
        ([p, a, b]) =>
          expectAgreement(
            (x: tf.Tensor, y: tf.Tensor) => tf.notEqual(multiply(p)(x, y), tf.cast(0, "bool")),
            [a, b],
          ),
      ),
      runs,
    ));

  it("with nothing to sum over is zero, and with no rows is empty", () =>
    expectAgreement(
      (a: tf.Tensor, b: tf.Tensor) => [
        tf.matMul(a, b),
        tf.matMul(b, a),
        tf.matMul(tf.reshape(a, [1, 2, 0]), tf.reshape(b, [1, 0, 3])),
      ],
      [tf.zeros([2, 0]), tf.zeros([0, 2])].map((t, i) => (i === 1 ? tf.zeros([0, 2]) : t)),
    ));

  it("dot and outerProduct", () =>
    expectGradientAgreement(
      (a: tf.Tensor, b: tf.Tensor) => [tf.dot(a, b), tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D)],
      [tf.tensor1d([1, -2, 3]), tf.tensor1d([0.5, 4, -1])],
    ));
});

describe("fused.matMul", () => {
  const activations = ["linear", "relu", "relu6", "elu", "leakyrelu", "sigmoid", "prelu"] as const;
  for (const activation of activations) {
    const inputs = fc.oneof(unbatched, alike).chain((p) => {
      const n = p.b.at(p.transposeB ? -2 : -1)!;
      return fc.tuple(fc.constant(p), floats(p.a), floats(p.b), floats([n]), floats([n]), fc.boolean());
    });
    it(activation, () =>
      fc.assert(
        fc.asyncProperty(inputs, ([p, a, b, bias, alpha, hasBias]) => {
          const fn = (x: tf.Tensor, y: tf.Tensor, c: tf.Tensor, slopes: tf.Tensor): tf.Tensor =>
            tf.fused.matMul({
              a: x,
              b: y,
              transposeA: p.transposeA,
              transposeB: p.transposeB,
              activation,
              leakyreluAlpha: 0.3,
              ...(hasBias ? { bias: c } : {}),
              ...(activation === "prelu" ? { preluActivationWeights: slopes } : {}),
            });
          return expectAgreement(fn, [a, b, bias, alpha], { terms: 16 });
        }),
        { numRuns: 6 },
      ),
    );
  }
  for (const activation of ["linear", "relu"] as const) {
    it(`gradient with ${activation}`, () =>
      fc.assert(
        fc.asyncProperty(
          alike.chain((p) =>
            fc.tuple(fc.constant(p), floats(p.a), floats(p.b), floats([p.b.at(p.transposeB ? -2 : -1)!])),
          ),
          ([p, a, b, bias]) =>
            expectGradientAgreement(
              (x: tf.Tensor, y: tf.Tensor, c: tf.Tensor) =>
                tf.fused.matMul({
                  a: x,
                  b: y,
                  bias: c,
                  transposeA: p.transposeA,
                  transposeB: p.transposeB,
                  activation,
                }),
              [a, b, bias],
              { terms: 64 },
            ),
        ),
        { numRuns: 6 },
      ));
  }
});
