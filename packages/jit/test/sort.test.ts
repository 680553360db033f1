import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { expectAgreement, expectGradientAgreement } from "./agreement.ts";
import { bools, floats, ints, runs, shape } from "./arbitrary.ts";

describe("topk", () => {
  const examples = shape(1, 3, 6).chain((dims) =>
    fc.record({
      x: floats(dims),
      // Few different values: of equal ones the first is taken.
      i: ints(dims, { min: 0, max: 2 }),
      b: bools(dims),
      k: fc.integer({ min: 0, max: dims.at(-1)! }),
    }),
  );
  it("values and places, in order, with ties", () =>
    fc.assert(
      fc.asyncProperty(examples, ({ x, i, b, k }) =>
        expectAgreement((...xs: tf.Tensor[]) => xs.flatMap((t) => Object.values(tf.topk(t, k))), [x, i, b]),
      ),
      runs,
    ));
  it("gradient", () =>
    fc.assert(
      fc.asyncProperty(examples, ({ x, k }) =>
        expectGradientAgreement((t: tf.Tensor) => tf.topk(t, Math.max(1, k)).values, [x]),
      ),
      runs,
    ));
  it("not sorted: the same set", () =>
    expectAgreement(
      (t: tf.Tensor) => tf.topk(tf.topk(t, 3, false).values, 3).values,
      [tf.tensor1d([3, 1, 4, 1, 5, 9, 2, 6])],
    ));
  // One of each sign: tfjs compares by subtraction, so two equal infinities confuse it.
  it("of infinities", () =>
    expectAgreement(
      (t: tf.Tensor) => Object.values(tf.topk(t, 4)),
      [tf.tensor1d([1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -5, 0])],
    ));
});

describe("searchSorted", () => {
  const sorted = (t: tf.Tensor): tf.Tensor => tf.reverse(tf.topk(t, t.shape.at(-1)!).values, -1);
  const examples = fc
    .record({
      batch: shape(0, 2, 3),
      length: fc.integer({ min: 1, max: 6 }),
      count: fc.integer({ min: 1, max: 5 }),
    })
    .chain(({ batch, length, count }) =>
      fc.record({
        sequence: ints([...batch, length]).map(sorted),
        // Half of them fall between the integers.
        values: ints([...batch, count], { min: -12, max: 12 }).map((t) => tf.div(tf.cast(t, "float32"), 2)),
        same: ints([...batch, count]),
      }),
    );
  it("on either side, in float32 and int32", () =>
    fc.assert(
      fc.asyncProperty(examples, ({ sequence, values, same }) =>
        expectAgreement(
          (s: tf.Tensor, v: tf.Tensor, w: tf.Tensor) => [
            tf.lowerBound(s, v),
            tf.upperBound(s, v),
            tf.lowerBound(s, w),
            tf.upperBound(s, w),
          ],
          [sequence, values, same],
        ),
      ),
      runs,
    ));
});
