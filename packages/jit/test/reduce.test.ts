import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { expectAgreement, expectGradientAgreement } from "./agreement.ts";
import { bools, floats, ints, runs, shape } from "./arbitrary.ts";

type Reduce = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

interface Case {
  dims: number[];
  axis: number | number[] | undefined;
  keepDims: boolean;
}

/** A shape with some of its axes, counted from either end, in any order; or with all of them. */
const cases: fc.Arbitrary<Case> = shape(1, 4).chain((dims) => {
  const axis = fc.integer({ min: -dims.length, max: dims.length - 1 });
  const axes = fc.uniqueArray(axis, { minLength: 1, selector: (i) => (i + dims.length) % dims.length });
  return fc.record({
    dims: fc.constant(dims),
    axis: fc.oneof(axis, axes, fc.constant(undefined)),
    keepDims: fc.boolean(),
  });
});

/** The axes in order: tfjs takes no others for these. */
const ordered = cases.map(({ dims, axis, keepDims }) => {
  const positive = [axis ?? dims.map((_, i) => i)].flat().map((i) => (i + dims.length) % dims.length);
  return { dims, keepDims, axis: positive.sort((a, b) => a - b) };
});

function property(
  from: fc.Arbitrary<Case>,
  make: (dims: number[]) => fc.Arbitrary<tf.Tensor>,
  check: (x: tf.Tensor, reduce: (op: Reduce) => (t: tf.Tensor) => tf.Tensor) => Promise<void>,
) {
  const inputs = from.chain((c) => make(c.dims).map((x) => ({ ...c, x })));
  return fc.assert(
    fc.asyncProperty(inputs, ({ x, axis, keepDims }) => check(x, (op) => (t) => op(t, axis, keepDims))),
    runs,
  );
}

describe("reductions of float32 and their gradients", () => {
  const ops: Record<string, Reduce> = {
    sum: tf.sum,
    mean: tf.mean,
    max: tf.max,
    min: tf.min,
    logSumExp: (x, axis, keepDims) => tf.logSumExp(tf.abs(x), axis, keepDims),
    // A polynomial in x and so smooth; near 1, so that products of many stay near 1.
    prod: (x, axis, keepDims) => tf.prod(tf.add(1, tf.mul(0.2, x)), axis, keepDims),
    // tfjs takes at most two axes.
    norm: (x, axis = 0, keepDims) => tf.norm(x, "euclidean", [axis].flat().slice(0, 2), keepDims),
  };
  // Of one sign: a sum that cancels has no digits left to compare.
  const oneSign = (dims: number[]) =>
    fc.oneof(floats(dims, { min: 0.5, max: 2 }), floats(dims, { min: -2, max: -0.5 }));
  for (const [name, op] of Object.entries(ops)) {
    // tfjs's gradients of max and min want sorted axes.
    it(name, () =>
      property(ordered, oneSign, (x, reduce) => expectGradientAgreement(reduce(op), [x], { terms: x.size })),
    );
    it(`${name} over axes counted from the end`, () =>
      property(cases, oneSign, (x, reduce) => expectAgreement(reduce(op), [x], { terms: x.size })));
  }
});

describe("reductions of integers", () => {
  const ops: Record<string, Reduce> = { sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min, prod: tf.prod };
  const small = (dims: number[]) => ints(dims, { min: -1, max: 1 });
  const all =
    (reduce: (op: Reduce) => (t: tf.Tensor) => tf.Tensor, set: Record<string, Reduce>) =>
    (t: tf.Tensor): tf.Tensor[] =>
      Object.values(set).map((op) => reduce(op)(t));
  it("int32", () => property(cases, small, (x, reduce) => expectAgreement(all(reduce, ops), [x])));
  it("bool", () =>
    property(cases, bools, (x, reduce) =>
      expectAgreement(all(reduce, { ...ops, all: tf.all as Reduce, any: tf.any as Reduce }), [x]),
    ));
});

describe("argMax and argMin", () => {
  const inputs = (make: (dims: number[]) => fc.Arbitrary<tf.Tensor>) =>
    shape(1, 4).chain((dims) =>
      fc.tuple(make(dims), fc.integer({ min: -dims.length, max: dims.length - 1 })),
    );
  const both = (axis: number) => (x: tf.Tensor) => [tf.argMax(x, axis), tf.argMin(x, axis)];
  it("of float32", () =>
    fc.assert(
      fc.asyncProperty(inputs(floats), ([x, axis]) => expectAgreement(both(axis), [x])),
      runs,
    ));
  it("take the first of equal elements", () =>
    fc.assert(
      fc.asyncProperty(
        inputs((dims) => ints(dims, { min: 0, max: 1 })),
        ([x, axis]) => expectAgreement(both(axis), [x]),
      ),
      runs,
    ));
  it("of bool", () =>
    fc.assert(
      fc.asyncProperty(inputs(bools), ([x, axis]) => expectAgreement(both(axis), [x])),
      runs,
    ));
});

describe("softmax", () => {
  const logits = shape(1, 4).chain((dims) => floats(dims, { min: -20, max: 20 }));
  const ops = { softmax: (x: tf.Tensor) => tf.softmax(x), logSoftmax: (x: tf.Tensor) => tf.logSoftmax(x) };
  for (const [name, op] of Object.entries(ops)) {
    it(name, () =>
      fc.assert(
        fc.asyncProperty(logits, (x) => expectAgreement(op, [x])),
        runs,
      ),
    );
    // Near 0 and 1 the gradient y (1 - y) of a softmax has no digits left to compare.
    it(`gradient of ${name}`, () =>
      fc.assert(
        fc.asyncProperty(shape(1, 4).chain(floats), (x) => expectGradientAgreement(op, [x], { terms: 16 })),
        runs,
      ));
    it(`${name} of very large and very small logits`, () =>
      expectAgreement(op, [
        tf.tensor2d([
          [1e30, -1e30, 0],
          [1000, 1001, 999],
          [-1000, -1001, -999],
          [Number.NEGATIVE_INFINITY, 0, 1],
          [Number.NaN, 0, 1],
        ]),
      ]));
  }
});

describe("running sums and products", () => {
  const inputs = shape(1, 4).chain((dims) =>
    fc.record({
      x: floats(dims),
      i: ints(dims, { min: -2, max: 2 }),
      axis: fc.integer({ min: 0, max: dims.length - 1 }),
      exclusive: fc.boolean(),
      reverse: fc.boolean(),
    }),
  );
  for (const [name, op] of Object.entries({ cumsum: tf.cumsum, cumprod: tf.cumprod })) {
    it(name, () =>
      fc.assert(
        fc.asyncProperty(inputs, ({ x, i, axis, exclusive, reverse }) =>
          expectGradientAgreement(
            (a: tf.Tensor, b: tf.Tensor) => [
              op(a, axis, exclusive, reverse),
              op(b, axis, exclusive, reverse),
            ],
            [x, i],
            { terms: 25 },
          ),
        ),
        runs,
      ),
    );
  }
});

describe("edge values", () => {
  const inf = Number.POSITIVE_INFINITY;
  const x = (): tf.Tensor =>
    tf.tensor2d([
      [1, Number.NaN, 2],
      [inf, 1, -inf],
      [inf, inf, 1],
      [-inf, 0, -0],
      [0, -0, 0],
    ]);
  // ONNX Runtime starts an arg-reduction from the first element, tfjs too: NaN in first place stays, later ones lose.
  for (const [name, op] of Object.entries({
    sum: tf.sum,
    mean: tf.mean,
    max: tf.max,
    min: tf.min,
    prod: tf.prod,
  })) {
    it(name, () => expectAgreement((t: tf.Tensor) => [op(t, 0), op(t, 1), op(t)], [x()]));
  }
  it("cumsum and cumprod", () =>
    expectAgreement((t: tf.Tensor) => [tf.cumsum(t, 1), tf.cumprod(t, 1)], [x()]));
  it("scalars", () =>
    expectAgreement(
      (t: tf.Tensor) => [tf.sum(t), tf.mean(t), tf.max(t), tf.min(t), tf.prod(t)],
      [tf.scalar(3)],
    ));
  it("of nothing: the sum is 0, the product 1, the mean NaN", () =>
    expectAgreement(
      (t: tf.Tensor) => [
        tf.sum(t, 0),
        tf.prod(t, 0),
        tf.sum(t),
        tf.prod(t),
        tf.mean(t, 1),
        tf.sum(t, 1),
        tf.max(t, 1),
      ],
      [tf.zeros([0, 3])],
    ));
});
