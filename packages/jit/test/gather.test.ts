import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { expectAgreement, expectGradientAgreement } from "./agreement.ts";
import { bools, floats, ints, runs, shape } from "./arbitrary.ts";

function property<T>(from: fc.Arbitrary<T>, check: (example: T) => Promise<void>) {
  return fc.assert(fc.asyncProperty(from, check), runs);
}

/** Indices of this shape into an axis of this length. */
const indices = (dims: number[], length: number) => ints(dims, { min: 0, max: length - 1 });

describe("gather", () => {
  const examples = shape(1, 4).chain((dims) =>
    fc.integer({ min: -dims.length, max: dims.length - 1 }).chain((axis) =>
      fc.record({
        x: floats(dims),
        i: ints(dims),
        b: bools(dims),
        axis: fc.constant(axis),
        at: shape(0, 3, 3).chain((d) => indices(d, dims.at(axis)!)),
      }),
    ),
  );
  it("along an axis, of every dtype", () =>
    property(examples, ({ x, i, b, axis, at }) =>
      expectGradientAgreement(
        (xs: tf.Tensor, is: tf.Tensor, bs: tf.Tensor, a: tf.Tensor) =>
          [xs, is, bs].map((t) => tf.gather(t, a as tf.Tensor1D, axis)),
        [x, i, b, at],
        { terms: 16 },
      ),
    ));

  const batched = shape(2, 4).chain((dims) =>
    fc.integer({ min: 1, max: dims.length - 1 }).chain((batchDims) =>
      fc.integer({ min: batchDims, max: dims.length - 1 }).chain((axis) =>
        fc.record({
          x: floats(dims),
          axis: fc.constant(axis),
          batchDims: fc.constant(batchDims),
          at: shape(0, 2, 3).chain((d) => indices([...dims.slice(0, batchDims), ...d], dims[axis]!)),
        }),
      ),
    ),
  );
  it("with batch dimensions", () =>
    property(batched, ({ x, axis, batchDims, at }) =>
      expectGradientAgreement(
        (t: tf.Tensor, a: tf.Tensor) => tf.gather(t, a as tf.Tensor1D, axis, batchDims),
        [x, at],
        { terms: 16 },
      ),
    ));

  it("no rows", () =>
    expectAgreement(
      (t: tf.Tensor, a: tf.Tensor) => tf.gather(t, a as tf.Tensor1D),
      [tf.ones([3, 2]), tf.zeros([0], "int32")],
    ));
});

describe("gatherND", () => {
  const examples = shape(1, 4).chain((dims) =>
    fc.tuple(fc.integer({ min: 1, max: dims.length }), shape(0, 2, 3)).chain(([depth, d]) => {
      const columns = dims.slice(0, depth).map((length) => indices([...d, 1], length));
      return fc.record({
        x: floats(dims),
        i: ints(dims),
        at: fc.tuple(...columns).map((c) => tf.concat(c, -1)),
      });
    }),
  );
  it("picks elements or slices", () =>
    property(examples, ({ x, i, at }) =>
      expectGradientAgreement(
        (xs: tf.Tensor, is: tf.Tensor, a: tf.Tensor) => [tf.gatherND(xs, a), tf.gatherND(is, a)],
        [x, i, at],
        { terms: 16 },
      ),
    ));
});

describe("oneHot", () => {
  const examples = fc.record({
    // Out of range on either side: no one is set.
    at: shape(0, 3).chain((d) => ints(d, { min: -3, max: 8 })),
    depth: fc.integer({ min: 2, max: 6 }),
    on: fc.constantFrom(1, 5, 0),
    off: fc.constantFrom(0, -1),
    dtype: fc.constantFrom("float32" as const, "int32" as const),
  });
  it("of any shape, depth and values", () =>
    property(examples, ({ at, depth, on, off, dtype }) =>
      expectAgreement((t: tf.Tensor) => tf.oneHot(t, depth, on, off, dtype), [at]),
    ));
  it("as bool", () =>
    expectAgreement((t: tf.Tensor) => tf.oneHot(t, 3, 1, 0, "bool"), [tf.tensor1d([0, 2, 5, -1], "int32")]));
});

describe("diag", () => {
  it("of any shape", () =>
    property(
      shape(1, 2, 4).chain((d) => fc.tuple(floats(d), ints(d), bools(d))),
      ([x, i, b]) => expectGradientAgreement((...xs: tf.Tensor[]) => xs.map((t) => tf.diag(t)), [x, i, b]),
    ));
  it("keeps infinities and NaN off the other elements", () =>
    expectAgreement(tf.diag, [tf.tensor1d([Number.NaN, Number.POSITIVE_INFINITY, 1])]));
});

describe("broadcastArgs", () => {
  it("of shapes given as tensors", () =>
    expectAgreement(
      (a: tf.Tensor, b: tf.Tensor) => tf.broadcastArgs(a, b),
      [tf.tensor1d([3, 1, 0, 5], "int32"), tf.tensor1d([4, 1, 1], "int32")],
    ));
});

describe("cropAndResize", () => {
  const examples = fc
    .record({
      dims: shape(4, 4, 6),
      boxes: fc.integer({ min: 1, max: 4 }),
      size: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
      method: fc.constantFrom("bilinear" as const, "nearest" as const),
    })
    .chain(({ dims, boxes, size, method }) =>
      fc.record({
        image: floats(dims),
        // Some reach outside the image, some are upside down.
        boxes: floats([boxes, 4], { min: -0.3, max: 1.3 }),
        // One index past the last image leaves its box black.
        at: ints([boxes], { min: 0, max: dims[0]! }),
        size: fc.constant(size),
        method: fc.constant(method),
      }),
    );
  it("of boxes anywhere", () =>
    property(examples, ({ image, boxes, at, size, method }) =>
      expectAgreement(
        (x: tf.Tensor, b: tf.Tensor, i: tf.Tensor) =>
          tf.image.cropAndResize(x as tf.Tensor4D, b as tf.Tensor2D, i as tf.Tensor1D, size, method, 0.5),
        [image, boxes, at],
        { terms: 16 },
      ),
    ));
  it("of the whole image is the image", () =>
    expectAgreement(
      (x: tf.Tensor) => [
        tf.image.cropAndResize(x as tf.Tensor4D, [[0, 0, 1, 1]], [0], [7, 5]),
        tf.image.cropAndResize(x as tf.Tensor4D, [[0, 0, 1, 1]], [0], [4, 3]),
      ],
      [tf.reshape(tf.range(0, 70), [1, 7, 5, 2])],
    ));
});

describe("rotateWithOffset", () => {
  const examples = fc.record({
    image: shape(4, 4, 5).chain(floats),
    radians: fc.double({ min: -4, max: 4, noNaN: true }),
    center: fc.constantFrom(0.5, 0.2, [0.3, 0.9] as [number, number]),
  });
  it("by any angle about any centre", () =>
    property(examples, ({ image, radians, center }) =>
      expectAgreement(
        (x: tf.Tensor) => tf.image.rotateWithOffset(x as tf.Tensor4D, radians, 0.25, center),
        [image],
      ),
    ));
  it("with a colour behind", () =>
    expectAgreement(
      (x: tf.Tensor) => tf.image.rotateWithOffset(x as tf.Tensor4D, 0.5, [1, 2, 3], 0.5),
      [tf.reshape(tf.range(0, 64), [1, 4, 4, 4])],
    ));
});
