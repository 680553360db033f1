import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { expectAgreement, expectGradientAgreement } from "./agreement.ts";
import { broadcastable, floats, ints, runs, shape } from "./arbitrary.ts";

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
        runs as object,
      ),
    );
  }
});

describe("float32 arithmetic whose tfjs gradient does not reduce broadcast axes", () => {
  const ops: Record<string, Op> = {
    squaredDifference: tf.squaredDifference,
    maximum: tf.maximum,
    minimum: tf.minimum,
  };
  const alike = shape(1, 4).chain((dims) => fc.tuple(floats(dims), floats(dims)));
  for (const [name, op] of Object.entries(ops)) {
    it(name, () =>
      fc.assert(
        fc.asyncProperty(pairs(floats), ([a, b]) => expectAgreement(op, [a, b])),
        runs as object,
      ),
    );
    it(`gradient of ${name}`, () =>
      fc.assert(
        fc.asyncProperty(alike, ([a, b]) => expectGradientAgreement(op, [a, b])),
        runs as object,
      ));
  }
});

describe("int32 and comparisons", () => {
  const ops: Record<string, Op> = {
    add: tf.add,
    mul: tf.mul,
    floorDiv: (a, b) => tf.floorDiv(a, tf.where(tf.equal(b, 0), tf.onesLike(b), b)),
    mod: (a, b) => tf.mod(a, tf.where(tf.equal(b, 0), tf.onesLike(b), b)),
    equal: tf.equal,
    notEqual: tf.notEqual,
    less: tf.less,
    lessEqual: tf.lessEqual,
    greater: tf.greater,
    greaterEqual: tf.greaterEqual,
    logicalAnd: (a, b) => tf.logicalAnd(tf.cast(a, "bool"), tf.cast(b, "bool")),
    logicalOr: (a, b) => tf.logicalOr(tf.cast(a, "bool"), tf.cast(b, "bool")),
  };
  for (const [name, op] of Object.entries(ops)) {
    it(name, () =>
      fc.assert(
        fc.asyncProperty(pairs(ints), ([a, b]) => expectAgreement(op, [a, b])),
        runs as object,
      ),
    );
  }
});
