/** Kernels that make larger tensors, or tensors from nothing. */

import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { expectAgreement } from "./agreement.ts";
import { bools, broadcastable, floats, shape } from "./arbitrary.ts";
import { anyAxis, type Example, each, on, property } from "./movement.ts";

describe("several tensors in one", () => {
  it("concat", () =>
    property(
      shape(1, 4).chain((d) =>
        fc
          .tuple(
            floats(d),
            anyAxis(d),
            fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
          )
          .map(([x, axis, sizes]) => ({
            inputs: sizes.map((n) =>
              tf.mul(
                tf.tile(
                  tf.slice(
                    x,
                    d.map(() => 0),
                    d.map((dim, i) => (i === (axis + d.length) % d.length ? 1 : dim)),
                  ),
                  d.map((_, i) => (i === (axis + d.length) % d.length ? n : 1)),
                ),
                n,
              ),
            ),
            op: (...xs) => tf.concat(xs, axis),
          })),
      ),
    ));
  it("stack", () =>
    property(
      shape(0, 3).chain((d) =>
        fc
          .tuple(floats(d), floats(d), fc.integer({ min: -d.length - 1, max: d.length }))
          .map(([a, b, axis]) => ({ inputs: [a, b], op: (...xs) => tf.stack(xs, axis) })),
      ),
    ));
  it("where, with broadcasting", () =>
    property(
      shape(1, 4)
        .chain(broadcastable)
        .chain(([a, b]) => fc.tuple(bools(a), floats(b), floats(a)))
        .map(([c, t, e]) => ({ inputs: [c, t, e], op: (p, x, y) => tf.where(p!, x!, y!) })),
    ));
  it("where of int32 and bool", () =>
    property(
      on(shape(0, 4), bools, (x, c) => tf.where(c as tf.Tensor, x, tf.cast(tf.zerosLike(x), x.dtype))),
    ));
});

describe("more elements", () => {
  it("tile", () =>
    property(
      on(
        shape(1, 4, 3),
        (d) => each(d, () => fc.integer({ min: 1, max: 3 })),
        (x, reps) => tf.tile(x, reps),
      ),
    ));
  it("tile of rank 5", () =>
    property(
      on(
        shape(5, 5, 2),
        (d) => each(d, () => fc.integer({ min: 1, max: 2 })),
        (x, reps) => tf.tile(x, reps),
      ),
    ));
  it("broadcastTo", () =>
    property(
      shape(1, 4)
        .chain((d) => fc.tuple(fc.constant(d), broadcastable(d)))
        .chain(([d, [a, b]]) => {
          const small = a.length === d.length && a.every((dim, i) => dim === d[i]) ? b : a;
          return floats(small).map(
            (x) => ({ inputs: [x], op: (t: tf.Tensor) => tf.broadcastTo(t, d) }) as Example,
          );
        }),
    ));
  const paddings = (d: number[], limit: (n: number) => number) =>
    each(d, (n) => fc.tuple(fc.nat(limit(n)), fc.nat(limit(n)))) as fc.Arbitrary<[number, number][]>;
  it("pad", () =>
    property(
      on(
        shape(1, 4),
        (d) => paddings(d, () => 3),
        (x, p) => tf.pad(x, p, x.dtype === "bool" ? 1 : 7),
      ),
    ));
  for (const [mode, border] of [
    ["reflect", 1],
    ["symmetric", 0],
  ] as const) {
    it(`mirrorPad, ${mode}`, () =>
      property(
        on(
          shape(1, 4),
          (d) => paddings(d, (n) => n - border),
          (x, p) => tf.mirrorPad(x, p, mode),
        ),
      ));
  }
});

describe("space and depth", () => {
  const spatial = fc.tuple(
    fc.constantFrom(1, 2),
    fc.constantFrom(2, 3),
    fc.constantFrom(1, 3),
    fc.constantFrom(1, 2),
  );
  it("depthToSpace", () =>
    property(
      spatial.chain(
        ([n, s, h, c]) =>
          floats([n, h, h + 1, c * s * s]).map((x) => ({
            inputs: [x],
            op: (t: tf.Tensor) => tf.depthToSpace(t as tf.Tensor4D, s),
          })) as fc.Arbitrary<Example>,
      ),
    ));
  it("batchToSpaceND and spaceToBatchND", () =>
    property(
      spatial.chain(
        ([n, s, h, c]) =>
          floats([n * s * 2, h * s, h * 2 + 1, c]).map((x) => ({
            inputs: [x],
            op: (t: tf.Tensor) => {
              const y = tf.batchToSpaceND(
                t,
                [s, 2],
                [
                  [0, 1],
                  [1, 0],
                ],
              );
              const padding = [
                [0, (s - (y.shape[1]! % s)) % s],
                [y.shape[2]! % 2, 0],
              ];
              return [y, tf.spaceToBatchND(y, [s, 2], padding)];
            },
          })) as fc.Arbitrary<Example>,
      ),
    ));
  it("flipLeftRight", () =>
    property(
      shape(4, 4).chain((d) =>
        floats(d).map(
          (x) => ({ inputs: [x], op: (t: tf.Tensor) => tf.image.flipLeftRight(t as tf.Tensor4D) }) as Example,
        ),
      ),
    ));
});

describe("tensors made from nothing", () => {
  it("fill, linspace, range, eye, zeros", () =>
    expectAgreement(
      (x: tf.Tensor) =>
        [
          tf.fill([2, 3], 1.5),
          tf.fill([2], 7, "int32"),
          tf.fill([2], 1, "bool"),
          tf.linspace(0, 1, 7),
          tf.linspace(2, 3, 1),
          tf.range(0, 10, 3, "int32"),
          tf.range(5, -1, -1.5),
          tf.range(3, 3),
          tf.eye(3),
          tf.zeros([2, 0]),
          tf.onesLike(x),
        ].map((t) => tf.mul(t, tf.cast(1, t.dtype))),
      [tf.tensor1d([1, 2])],
    ));
});

describe("empty tensors", () => {
  const ops: Record<string, (x: tf.Tensor) => tf.Tensor | tf.Tensor[]> = {
    transpose: (x) => tf.transpose(x, [2, 0, 1]),
    reshape: (x) => tf.reshape(x, [3, 0]),
    slice: (x) => tf.slice(x, [0, 0, 1], [2, 0, 2]),
    reverse: (x) => tf.reverse(x, 2),
    pad: (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [0, 2],
          [0, 0],
        ],
        5,
      ), // prettier-ignore
    concat: (x) => tf.concat([x, tf.ones([2, 1, 3])], 1),
    tile: (x) => tf.tile(x, [2, 2, 2]),
    split: (x) => tf.split(x, [1, 2], 2),
    unstack: (x) => tf.unstack(x, 0),
    broadcastTo: (x) => tf.broadcastTo(tf.reshape(tf.sum(x, [0, 2]), [1, 0, 1]), [2, 0, 3]),
    where: (x) => tf.where(tf.greater(x, 0), x, tf.zerosLike(x)),
  };
  for (const [name, op] of Object.entries(ops)) it(name, () => expectAgreement(op, [tf.zeros([2, 0, 3])]));
});
