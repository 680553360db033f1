import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jit } from "../src/index.ts";
import { expectAgreement, expectGradientAgreement } from "./agreement.ts";
import { bools, floats, ints, runs, shape } from "./arbitrary.ts";

function property<T>(from: fc.Arbitrary<T>, check: (example: T) => Promise<void>) {
  return fc.assert(fc.asyncProperty(from, check), runs);
}

/** A shape, and places in it: the first `depth` coordinates of each of `count` elements or slices. */
const places = shape(1, 4).chain((dims: number[]) =>
  fc.tuple(fc.integer({ min: 1, max: dims.length }), fc.integer({ min: 1, max: 6 })).chain(([depth, count]) =>
    fc.record({
      dims: fc.constant(dims),
      rows: fc.constant<number[]>([count, ...dims.slice(depth)]),
      at: fc
        .tuple(...dims.slice(0, depth).map((n) => ints([count, 1], { min: 0, max: n - 1 })))
        .map((columns) => tf.concat(columns, 1)),
    }),
  ),
);

describe("scatterND", () => {
  const examples = places.chain(({ dims, rows, at }) =>
    fc.record({ dims: fc.constant(dims), at: fc.constant(at), x: floats(rows), i: ints(rows) }),
  );
  it("adds up what falls on the same place", () =>
    property(examples, ({ dims, at, x, i }) =>
      expectGradientAgreement(
        (a: tf.Tensor, xs: tf.Tensor, is: tf.Tensor) => [
          tf.scatterND(a, xs, dims as [number]),
          tf.scatterND(a, is, dims as [number]),
        ],
        [at, x, i],
        { terms: 16 },
      ),
    ));
  it("takes a vector of indices for single places", () =>
    expectGradientAgreement(
      (a: tf.Tensor, x: tf.Tensor) => tf.scatterND(a, x, [5, 2]),
      [tf.tensor1d([4, 0, 4], "int32"), tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2])],
    ));

  // ONNX Runtime's own ScatterND loses some of these: its threads add without atomics.
  it.each(["float32", "int32"] as const)("loses none of many equal indices (%s)", async (dtype) => {
    const [n, inner, count] = [20000, 16, 1500];
    const ids = tf.reshape(tf.mod(tf.range(0, n, 1, "int32"), tf.scalar(7, "int32")), [n, 1]);
    const compiled = jit((a: tf.Tensor, x: tf.Tensor) => tf.sum(tf.scatterND(a, x, [count, inner]), 1), {
      threads: 8,
    });
    const sums = await compiled(ids, tf.ones([n, inner], dtype));
    const expected = Array.from({ length: count }, (_, i) => (i < 7 ? inner * Math.ceil((n - i) / 7) : 0));
    expect([...sums.dataSync()]).toEqual(expected);
    await compiled.dispose();
  });
});

describe("writing over", () => {
  // Distinct places: of equal ones ONNX leaves open which is written last.
  const examples = shape(2, 4).chain((dims) =>
    fc.uniqueArray(fc.nat(dims[0]! - 1), { minLength: 1 }).chain((rows) =>
      fc.record({
        dims: fc.constant(dims),
        at: fc.constant(tf.tensor2d(rows, [rows.length, 1], "int32")),
        x: floats(dims),
        updates: floats([rows.length, ...dims.slice(1)]),
        flags: bools([rows.length]),
        values: floats([rows.length]),
      }),
    ),
  );
  it("tensorScatterUpdate", () =>
    property(examples, ({ x, at, updates }) =>
      expectGradientAgreement(
        // tfjs's cpu backend writes into the tensor it is given: here into a copy.
        (t: tf.Tensor, a: tf.Tensor, u: tf.Tensor) => tf.tensorScatterUpdate(tf.mul(t, 1), a, u),
        [x, at, updates],
        { terms: 16 },
      ),
    ));
  it("sparseToDense", () =>
    property(examples, ({ dims, at, values, flags }) =>
      expectGradientAgreement(
        (a: tf.Tensor, v: tf.Tensor, b: tf.Tensor, initial: tf.Tensor) => [
          tf.sparseToDense(a, v, [dims[0]!], initial as tf.Scalar),
          tf.sparseToDense(a, b, [dims[0]!], tf.cast(1, "bool") as tf.Scalar),
          tf.sparseToDense(a, initial, [dims[0]!]),
        ],
        [at, values, flags, tf.scalar(0.5)],
        { terms: 16 },
      ),
    ));
});

describe("unsortedSegmentSum", () => {
  const examples = shape(1, 3).chain((dims) =>
    fc.record({
      x: floats(dims),
      i: ints(dims),
      // Ids outside are left out.
      ids: ints([dims[0]!], { min: -1, max: 5 }),
      count: fc.integer({ min: 1, max: 5 }),
    }),
  );
  it("of any shape, with ids out of range", () =>
    property(examples, ({ x, i, ids, count }) =>
      expectAgreement(
        (a: tf.Tensor, b: tf.Tensor, s: tf.Tensor) =>
          [a, b].map((t) => tf.unsortedSegmentSum(t, s as tf.Tensor1D, count)),
        [x, i, ids],
        { terms: 16 },
      ),
    ));
  it("gradient", () =>
    property(examples, ({ x, ids }) =>
      expectGradientAgreement(
        (a: tf.Tensor, s: tf.Tensor) => tf.unsortedSegmentSum(a, s as tf.Tensor1D, 6),
        [x, ids],
        { terms: 16 },
      ),
    ));
  it("with more segments than fit a one-hot matrix", () =>
    expectAgreement(
      (x: tf.Tensor, s: tf.Tensor) => tf.unsortedSegmentSum(x, s as tf.Tensor1D, 1100),
      [tf.reshape(tf.range(0, 12), [6, 2]), tf.tensor1d([1099, 3, 3, -1, 1100, 0], "int32")],
    ));
});

describe("bincount", () => {
  const examples = shape(1, 2, 6).chain((dims) =>
    fc.record({
      x: ints(dims, { min: 0, max: 7 }),
      w: floats(dims),
      i: ints(dims),
      size: fc.integer({ min: 0, max: 6 }),
      binary: fc.boolean(),
    }),
  );
  it("with weights, without, and of integers", () =>
    property(examples, ({ x, w, i, size, binary }) =>
      expectAgreement(
        (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) => [
          tf.denseBincount(a as tf.Tensor1D, b as tf.Tensor1D, size),
          tf.denseBincount(a as tf.Tensor1D, c as tf.Tensor1D, size, binary),
          tf.denseBincount(a as tf.Tensor1D, tf.tensor1d([]), size, binary),
          tf.bincount(tf.reshape(a, [-1]), tf.reshape(c, [-1]), size),
        ],
        [x, w, i],
        { terms: 16 },
      ),
    ));
});
