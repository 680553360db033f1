/** The gradients in `src/gradients/indexing.ts` and `movement.ts`. */

import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { floats, ints, shape } from "./arbitrary.ts";
import { type Fn, property } from "./finite-differences.ts";

describe("indexing", () => {
  const picks = shape(1, 3).chain((d) =>
    fc.record({
      x: floats(d),
      at: ints([4, 1], { min: 0, max: d[0]! - 1 }),
      one: ints([1], { min: 0, max: d[0]! - 1 }),
      updates: floats([4, ...d.slice(1)]),
      dims: fc.constant(d),
    }),
  );
  it("gatherND", () =>
    property(
      picks.map(({ x, at }) => ({ inputs: [x, at], twice: true, fn: (t, i) => tf.gatherND(t!, i!) })),
    ));
  it("gatherND of a single place", () =>
    property(
      picks.map(({ x, one }) => ({ inputs: [x, one], twice: true, fn: (t, i) => tf.gatherND(t!, i!) })),
    ));
  it("scatterND", () =>
    property(
      picks.map(({ updates, at, dims }) => ({
        inputs: [updates, at],
        twice: true,
        fn: (u, i) => tf.scatterND(i!, u!, dims as [number]),
      })),
    ));
  it("gather with any batch dimensions", () =>
    property(
      fc
        .tuple(floats([2, 3, 2, 4]), ints([2, 3, 5], { min: 0, max: 1 }), fc.integer({ min: 0, max: 2 }))
        .map(([x, at, batchDims]) => ({
          inputs: [x, at],
          twice: true,
          fn: (t, i) => tf.gather(t!, i as tf.Tensor1D, 2, batchDims),
        })),
    ));
  it("tensorScatterUpdate and sparseToDense, of distinct places", () =>
    property(
      fc.tuple(floats([4, 2]), floats([2, 2]), floats([2])).map(([x, updates, values]) => ({
        inputs: [x, updates, values, tf.scalar(0.5)],
        fn: (t, u, v, initial) => [
          tf.tensorScatterUpdate(tf.mul(t!, 1), tf.tensor2d([[3], [1]], [2, 1], "int32"), u!),
          tf.sparseToDense(tf.tensor2d([[1], [2]], [2, 1], "int32"), v!, [4], initial as tf.Scalar),
        ],
      })),
    ));
  it("topk of elements further apart than the step", () =>
    property(
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }).map((order) => ({
        inputs: [tf.tensor2d(order, [2, 3])],
        twice: true,
        fn: (t) => tf.topk(t!, 2).values,
      })),
    ));
  it("diag", () =>
    property(floats([2, 2]).map((x) => ({ inputs: [x], twice: true, fn: (t) => tf.diag(t!) }))));
});

describe("movement", () => {
  it("depthToSpace", () =>
    property(
      floats([2, 2, 3, 8]).map((x) => ({
        inputs: [x],
        twice: true,
        fn: (t) => tf.depthToSpace(t as tf.Tensor4D, 2),
      })),
    ));
  it("flipLeftRight", () =>
    property(
      floats([1, 2, 3, 2]).map((x) => ({ inputs: [x], fn: (t) => tf.image.flipLeftRight(t as tf.Tensor4D) })),
    ));
  it.each([
    [
      [0, 1],
      [5, 4],
      [2, 1],
    ],
    [
      [4, 3],
      [-6, 0],
      [-2, -1],
    ],
    [
      [1, 0],
      [2, 4],
      [1, 3],
    ],
  ])("stridedSlice from %j to %j by %j", (begin, end, strides) =>
    property(
      floats([5, 4]).map((x) => ({
        inputs: [x],
        twice: true,
        fn: (t) => tf.stridedSlice(t!, begin, end, strides),
      })),
    ),
  );
  it("stridedSlice of nothing", () =>
    property(
      floats([5, 4]).map((x) => ({ inputs: [x], fn: (t) => tf.stridedSlice(t!, [1, 0], [3, 4], [-1, 1]) })),
    ));
  for (const mode of ["reflect", "symmetric"] as const) {
    it(`mirrorPad, ${mode}`, () =>
      property(
        floats([3, 4]).map((x) => ({
          inputs: [x],
          twice: true,
          fn: (t) =>
            tf.mirrorPad(
              t!,
              [
                [2, 1],
                [0, 3],
              ],
              mode,
            ),
        })),
      ));
  }
  it("tile of any rank", () =>
    property(
      shape(1, 5, 2).chain((d) =>
        fc
          .tuple(
            floats(d),
            fc.array(fc.integer({ min: 1, max: 2 }), { minLength: d.length, maxLength: d.length }),
          )
          .map(([x, reps]) => ({ inputs: [x] as tf.Tensor[], fn: ((t) => tf.tile(t!, reps)) as Fn })),
      ),
    ));
  it("split and unstack into one part", () =>
    property(
      floats([1, 3]).map((x) => ({ inputs: [x], fn: (t) => [...tf.split(t!, 1, 1), ...tf.unstack(t!, 0)] })),
    ));
});
