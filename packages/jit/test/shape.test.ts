/** Kernels that reorder elements or pick out parts. */

import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { shape } from "./arbitrary.ts";
import { anyAxis, each, on, permutation, property } from "./movement.ts";

describe("axes in another order", () => {
  it("transpose", () =>
    property(
      on(
        shape(0, 5, 4),
        (d) => permutation(d.length),
        (x, perm) => tf.transpose(x, perm),
      ),
    ));
  it("reverse", () =>
    property(
      on(
        shape(1, 4),
        (d) => fc.uniqueArray(anyAxis(d), { selector: (i) => (i + d.length) % d.length, minLength: 1 }),
        (x, axes) => tf.reverse(x, axes),
      ),
    ));
  it("reshape", () =>
    property(
      on(
        shape(0, 4),
        (d) => permutation(d.length),
        (x, perm) =>
          tf.reshape(
            x,
            perm.map((i) => x.shape[i]!),
          ),
      ),
    ));
  it("reshape to one axis left open", () =>
    property(
      on(
        shape(1, 4),
        () => fc.constant(null),
        (x) => tf.reshape(x, [x.shape[0]!, -1]),
      ),
    ));
  it("expandDims and squeeze", () =>
    property(
      on(
        shape(0, 3),
        (d) => fc.integer({ min: -d.length - 1, max: d.length }),
        (x, axis) => [tf.expandDims(x, axis), tf.squeeze(tf.expandDims(x, axis))],
      ),
    ));
});

describe("parts", () => {
  it("slice", () =>
    property(
      on(
        shape(1, 4),
        (d) =>
          each(d, (n) =>
            fc
              .nat(n - 1)
              .chain((start) => fc.tuple(fc.constant(start), fc.integer({ min: 0, max: n - start }))),
          ),
        (x, ranges) =>
          tf.slice(
            x,
            ranges.map(([start]) => start),
            ranges.map(([, size]) => size),
          ),
      ),
    ));
  it("slice to the end", () =>
    property(
      on(
        shape(1, 4),
        (d) => each(d, (n) => fc.nat(n - 1)),
        (x, begin) => tf.slice(x, begin),
      ),
    ));
  it("stridedSlice", () => {
    const loose = (n: number) =>
      fc.record({
        begin: fc.integer({ min: -n - 1, max: n + 1 }),
        end: fc.integer({ min: -n - 1, max: n + 1 }),
        stride: fc.constantFrom(2, 3, -1, -2),
      });
    // With strides of 1, tfjs's cpu backend fails on ranges that end before they begin.
    const tight = (n: number) =>
      fc.tuple(fc.nat(n), fc.nat(n), fc.boolean()).map(([p, q, fromEnd]) => {
        const [begin, end] = [Math.min(p, q), Math.max(p, q)];
        return { begin: fromEnd && begin < n ? begin - n : begin, end, stride: 1 };
      });
    const range = (n: number) => fc.oneof(loose(n), tight(n));
    const masks = fc.record({ begin: fc.nat(3), end: fc.nat(3), newAxis: fc.constantFrom(0, 0, 2) });
    return property(
      on(
        shape(2, 3),
        (d) => fc.tuple(each(d.slice(0, 2), range), masks),
        (x, [ranges, mask]) =>
          tf.stridedSlice(
            x,
            ranges.map(({ begin }) => begin),
            ranges.map(({ end }) => end),
            ranges.map(({ stride }) => stride),
            mask.begin,
            mask.end,
            0,
            mask.newAxis,
          ),
      ),
    );
  });
  it("stridedSlice with an axis dropped and an ellipsis", () =>
    property(
      on(
        shape(3, 4),
        (d) => fc.tuple(fc.nat(d[0]! - 1), fc.integer({ min: -d.at(-1)!, max: d.at(-1)! - 1 })),
        (x, [first, last]) =>
          tf.stridedSlice(x, [first, 0, last], [first + 1, 0, x.shape.at(-1)!], [1, 1, 1], 0, 0, 2, 0, 1),
      ),
    ));
  it("split into equal parts", () =>
    property(
      on(
        shape(1, 4),
        (d) => anyAxis(d).chain((axis) => fc.tuple(fc.constant(axis), fc.constantFrom(1, d.at(axis)!))),
        (x, [axis, parts]) => tf.split(x, parts, axis),
      ),
    ));
  it("split into parts of given sizes", () =>
    property(
      on(
        shape(1, 4),
        (d) =>
          anyAxis(d).chain((axis) => fc.tuple(fc.constant(axis), fc.integer({ min: 0, max: d.at(axis)! }))),
        (x, [axis, first]) => tf.split(x, [first, x.shape.at(axis)! - first], axis),
      ),
    ));
  it("unstack", () => property(on(shape(1, 4), anyAxis, (x, axis) => tf.unstack(x, axis))));
});
