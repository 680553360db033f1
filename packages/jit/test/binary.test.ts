import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { expectAgreement, expectGradientAgreement } from "./agreement.ts";
import { bools, broadcastable, floats, ints, runs, shape } from "./arbitrary.ts";

type Op = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const pairs = (make: (dims: number[]) => fc.Arbitrary<tf.Tensor>) =>
  shape(1, 4)
    .chain(broadcastable)
    .chain(([a, b]) => fc.tuple(make(a), make(b)));

describe("float32 arithmetic with broadcasting", () => {
  const ops: Record<string, Op> = {
    add: tf.add,
    sub: tf.sub,
    mul: tf.mul,
    atan2: tf.atan2,
    div: (a, b) => tf.div(a, tf.add(tf.abs(b), 0.5)),
    pow: (a, b) => tf.pow(tf.add(tf.abs(a), 0.5), b),
    mod: (a, b) => tf.mod(a, tf.add(tf.abs(b), 0.5)),
  };
  for (const [name, op] of Object.entries(ops)) {
    it(name, () =>
      fc.assert(
        fc.asyncProperty(pairs(floats), ([a, b]) => expectGradientAgreement(op, [a, b], { terms: 64 })),
        runs,
      ),
    );
  }
});

describe("float32 arithmetic with kinks", () => {
  const ops: Record<string, Op> = {
    squaredDifference: tf.squaredDifference,
    maximum: tf.maximum,
    minimum: tf.minimum,
    prelu: (x, alpha) => tf.prelu(tf.add(x, tf.zerosLike(alpha)), alpha),
    divNoNan: tf.divNoNan,
  };
  for (const [name, op] of Object.entries(ops)) {
    it(name, () =>
      fc.assert(
        fc.asyncProperty(pairs(floats), ([a, b]) => expectGradientAgreement(op, [a, b], { terms: 64 })),
        runs,
      ),
    );
  }
  it("addN", () =>
    fc.assert(
      fc.asyncProperty(
        shape(0, 4).chain((dims) => fc.tuple(floats(dims), floats(dims), floats(dims))),
        (xs) => expectGradientAgreement((...ts: tf.Tensor[]) => tf.addN(ts), xs),
      ),
      runs,
    ));
});

describe("int32 and comparisons", () => {
  const ops: Record<string, Op> = {
    add: tf.add,
    mul: tf.mul,
    floorDiv: tf.floorDiv,
    mod: tf.mod,
    equal: tf.equal,
    notEqual: tf.notEqual,
    less: tf.less,
    lessEqual: tf.lessEqual,
    greater: tf.greater,
    greaterEqual: tf.greaterEqual,
    sub: tf.sub,
    div: tf.div,
    divNoNan: tf.divNoNan,
    maximum: tf.maximum,
    minimum: tf.minimum,
    squaredDifference: tf.squaredDifference,
    atan2: tf.atan2,
    // tfjs wants equal shapes.
    bitwiseAnd: (a, b) => tf.bitwiseAnd(tf.add(a, tf.zerosLike(b)), tf.add(b, tf.zerosLike(a))),
    pow: (a, b) => tf.pow(a, tf.abs(b)),
    prelu: tf.prelu,
    logicalAnd: (a, b) => tf.logicalAnd(tf.cast(a, "bool"), tf.cast(b, "bool")),
    logicalXor: (a, b) => tf.logicalXor(tf.cast(a, "bool"), tf.cast(b, "bool")),
    logicalOr: (a, b) => tf.logicalOr(tf.cast(a, "bool"), tf.cast(b, "bool")),
  };
  for (const [name, op] of Object.entries(ops)) {
    it(name, () =>
      fc.assert(
        fc.asyncProperty(pairs(ints), ([a, b]) => expectAgreement(op, [a, b])),
        runs,
      ),
    );
  }
});

describe("operands of two dtypes", () => {
  const mixed = shape(1, 3)
    .chain(broadcastable)
    .chain(([a, b]) => fc.tuple(floats(a), ints(b), bools(b)));
  it("take the wider one", () =>
    fc.assert(
      fc.asyncProperty(mixed, ([x, i, b]) =>
        expectAgreement(
          (p: tf.Tensor, q: tf.Tensor, r: tf.Tensor) =>
            [
              [p, q],
              [p, r],
              [q, r],
              [r, p],
            ].flatMap(([u, v]) => [tf.add(u!, v!), tf.mul(u!, v!), tf.maximum(u!, v!), tf.greater(u!, v!)]),
          [x, i, b],
        ),
      ),
      runs,
    ));
  it("bool and bool give bool", () =>
    fc.assert(
      fc.asyncProperty(pairs(bools), ([a, b]) =>
        expectAgreement(
          (p: tf.Tensor, q: tf.Tensor) => [
            tf.mul(p, q),
            tf.maximum(p, q),
            tf.minimum(p, q),
            tf.squaredDifference(p, q),
            tf.pow(p, q),
            tf.div(p, q),
            tf.divNoNan(p, q),
            tf.floorDiv(p, q),
            // A sum of two is 2 in tfjs's array of bools; here it is true.
            tf.equal(tf.add(p, q), tf.cast(0, "bool")),
            tf.equal(tf.addN([p, p]), tf.cast(0, "bool")),
          ],
          [a, b],
        ),
      ),
      runs,
    ));
});

describe("edge values", () => {
  const edges = [0, -0, 1, -1, 2.5, -2.5, 1e-20, -1e-20, 1e20, -1e20, 3e38, 88, -104];
  const notFinite = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
  /** Every pair of these values, compared one by one so that each counts at its own magnitude. */
  const everyPair = (op: Op, left: number[], right: number[]) => {
    const a = tf.tensor1d(left.flatMap((x) => right.map(() => x)));
    const b = tf.tensor1d(left.flatMap(() => right));
    return expectAgreement((p: tf.Tensor, q: tf.Tensor) => tf.unstack(op(p, q)), [a, b]);
  };
  const all = [...edges, ...notFinite];
  const ops: Record<string, Op> = {
    add: tf.add,
    sub: tf.sub,
    mul: tf.mul,
    div: tf.div,
    divNoNan: tf.divNoNan,
    maximum: tf.maximum,
    minimum: tf.minimum,
    squaredDifference: tf.squaredDifference,
    atan2: tf.atan2,
    prelu: tf.prelu,
    equal: tf.equal,
    notEqual: tf.notEqual,
    less: tf.less,
    lessEqual: tf.lessEqual,
    greater: tf.greater,
    greaterEqual: tf.greaterEqual,
  };
  for (const [name, op] of Object.entries(ops)) it(name, () => everyPair(op, all, all));

  // 1 to the power of infinity or NaN is 1 in ONNX Runtime (C's pow) and NaN in tfjs (JavaScript's).
  it("pow", () =>
    everyPair(
      tf.pow,
      all.filter((x) => Math.abs(x) !== 1),
      all,
    ));
  // With a divisor of the other sign and more than 2^24 times the dividend, float32 and float64 round to either side of 0.
  it("mod", () =>
    everyPair(
      tf.mod,
      all.filter((x) => x === 0 || !(Math.abs(x) < 1)),
      [0, -0, 1, -1, 2.5, -2.5],
    ));
  // Quotients beyond int32 wrap around in tfjs and saturate in ONNX Runtime.
  it("floorDiv", () =>
    everyPair(tf.floorDiv, [0, -0, 1, -1, 2.5, -7.5, ...notFinite], [0, -0, 1, -2, 0.5, -0.5, ...notFinite]));

  it("of int32, division by zero included", () => {
    const values = [0, 1, -1, 2, -7, 46341, 2 ** 31 - 1, -(2 ** 31)];
    const a = tf.tensor1d(
      values.flatMap((x) => values.map(() => x)),
      "int32",
    );
    const b = tf.tensor1d(
      values.flatMap(() => values),
      "int32",
    );
    return expectAgreement(
      (p: tf.Tensor, q: tf.Tensor) =>
        [tf.add, tf.sub, tf.div, tf.mod, tf.maximum, tf.minimum, tf.bitwiseAnd, tf.less, tf.divNoNan].flatMap(
          (op) => tf.unstack((op as Op)(p, q)),
        ),
      [a, b],
    );
  });
});
