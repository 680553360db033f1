import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { expectAgreement, expectGradientAgreement } from "./agreement.ts";
import { bools, floats, ints, type Range, runs, shape } from "./arbitrary.ts";

type Op = (x: tf.Tensor) => tf.Tensor;

/** Functions with the interval in which they are defined and smooth. Kinks are left to the test of edge values. */
const SMOOTH: Record<string, [Op, Range]> = {
  acos: [tf.acos, { min: -0.9, max: 0.9 }],
  acosh: [tf.acosh, { min: 1.1, max: 5 }],
  asin: [tf.asin, { min: -0.9, max: 0.9 }],
  asinh: [tf.asinh, {}],
  atan: [tf.atan, {}],
  atanh: [tf.atanh, { min: -0.9, max: 0.9 }],
  cos: [tf.cos, { min: -9, max: 9 }],
  cosh: [tf.cosh, {}],
  erf: [tf.erf, {}],
  exp: [tf.exp, {}],
  expm1: [tf.expm1, {}],
  log: [tf.log, { min: 0.1, max: 5 }],
  log1p: [tf.log1p, { min: -0.9, max: 5 }],
  logSigmoid: [tf.logSigmoid, { min: -9, max: 9 }],
  neg: [tf.neg, {}],
  reciprocal: [tf.reciprocal, { min: 0.2, max: 3 }],
  rsqrt: [tf.rsqrt, { min: 0.2, max: 3 }],
  // Further out the gradient y (1 - y) magnifies the rounding of y.
  sigmoid: [tf.sigmoid, { min: -4, max: 4 }],
  sin: [tf.sin, { min: -9, max: 9 }],
  sinh: [tf.sinh, {}],
  softplus: [tf.softplus, { min: -30, max: 30 }],
  sqrt: [tf.sqrt, { min: 0.1, max: 5 }],
  square: [tf.square, {}],
  tan: [tf.tan, { min: -1, max: 1 }],
  tanh: [tf.tanh, {}],
};

const PIECEWISE: Record<string, Op> = {
  abs: tf.abs,
  ceil: tf.ceil,
  clipByValue: (x) => tf.clipByValue(x, -0.7, 1.1),
  elu: tf.elu,
  floor: tf.floor,
  leakyRelu: (x) => tf.leakyRelu(x, 0.3),
  relu: tf.relu,
  relu6: (x) => tf.relu6(tf.mul(x, 5)),
  round: (x) => tf.round(tf.mul(x, 3)),
  selu: tf.selu,
  sign: tf.sign,
  step: (x) => tf.step(x, 0.25),
};

describe("functions of a float32 tensor of any shape, and their gradients", () => {
  for (const [name, op] of Object.entries(PIECEWISE)) SMOOTH[name] = [op, {}];
  for (const [name, [op, range]] of Object.entries(SMOOTH)) {
    const tensors = shape(0, 4).chain((dims) => floats(dims, range));
    it(name, () =>
      fc.assert(
        fc.asyncProperty(tensors, (x) => expectGradientAgreement(op, [x])),
        { numRuns: 4 },
      ),
    );
  }
});

const FINITE = [
  0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 3.5, 1e-8, -1e-8, 1e-3, -1e-3, 1e-20, 1e-40, 1e20, -1e20,
  3e38, 20, -20, 50, -50, 88, 89, -88, -104, 1000, -1000, 1.0000001, -0.9999999, 2147483648, -2147483649,
];
const NON_FINITE = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];

/**
 * Compared at the magnitude of the largest result, which is about 1. tfjs's erf is the approximation 7.1.26 of
 * Abramowitz & Stegun, which is off by up to 1.5e-7 and so by 10 % at 1e-8. ONNX Runtime computes ELU and SELU as
 * exp(x) - 1, which is off by 6e-8.
 */
const ABSOLUTE = new Set(["erf", "elu", "selu"]);

describe("edge values", () => {
  const functions = { ...SMOOTH, isFinite: [tf.isFinite], isInf: [tf.isInf], isNaN: [tf.isNaN] } as Record<
    string,
    [Op]
  >;
  for (const [name, [op]] of Object.entries(functions)) {
    it(name, async () => {
      if (ABSOLUTE.has(name)) {
        const x = tf.tensor1d([...FINITE.filter((v) => v < 4), ...NON_FINITE]);
        await expectAgreement((t: tf.Tensor) => tf.clipByValue(op(t), -9, 9), [x]);
      } else {
        // One element at a time, so that each is compared at its own magnitude.
        const x = tf.tensor1d([...FINITE, ...NON_FINITE]);
        await expectAgreement((t: tf.Tensor) => tf.unstack(op(t)), [x]);
      }
    });
  }

  it("cast to bool is true for all but zero", () =>
    expectAgreement((x: tf.Tensor) => tf.cast(x, "bool"), [tf.tensor1d([...FINITE, ...NON_FINITE])]));

  it("cast to int32 truncates towards zero", () =>
    expectAgreement(
      (x: tf.Tensor) => tf.cast(x, "int32"),
      [tf.tensor1d([1.9, -1.9, 0.5, -0.5, -0, 1e9, -1e9])],
    ));
});

/** tfjs computes in float64 and stores the result in an array of the operand's dtype. */
describe("integers keep their dtype", () => {
  const ops: Record<string, Op> = {
    abs: tf.abs,
    asinh: tf.asinh,
    atan: tf.atan,
    atanh: tf.atanh,
    clipByValue: (x) => tf.clipByValue(x, -2, 3),
    erf: tf.erf,
    exp: tf.exp,
    expm1: tf.expm1,
    leakyRelu: tf.leakyRelu,
    log1p: tf.log1p,
    neg: tf.neg,
    onesLike: tf.onesLike,
    reciprocal: tf.reciprocal,
    relu: tf.relu,
    relu6: tf.relu6,
    round: tf.round,
    selu: tf.selu,
    sign: tf.sign,
    sinh: tf.sinh,
    softplus: tf.softplus,
    square: tf.square,
    step: tf.step,
    toBool: (x) => tf.cast(x, "bool"),
    toFloat: (x) => tf.cast(x, "float32"),
    zerosLike: tf.zerosLike,
  };
  const tensors = shape(0, 3).chain((dims) => fc.tuple(ints(dims), bools(dims)));
  const onBools = (x: tf.Tensor): tf.Tensor[] =>
    Object.entries(ops).flatMap(([name, op]) => (name === "erf" ? [] : [op(x)])); // Refused by tfjs.
  it("int32", () =>
    fc.assert(
      fc.asyncProperty(tensors, ([x]) =>
        expectAgreement((t: tf.Tensor) => Object.values(ops).map((op) => op(t)), [x]),
      ),
      runs,
    ));
  it("bool", () =>
    fc.assert(
      fc.asyncProperty(tensors, ([, x]) => expectAgreement(onBools, [x])),
      runs,
    ));
  it("logicalNot", () =>
    fc.assert(
      fc.asyncProperty(tensors, ([, x]) => expectAgreement(tf.logicalNot, [x])),
      runs,
    ));
  it("exactly, beyond the 24 bits of a float32", () =>
    expectAgreement(
      (x: tf.Tensor) => [tf.neg(x), tf.relu(x), tf.sign(x), tf.clipByValue(x, -16777217, 16777217)],
      [tf.tensor1d([16777217, -16777217, 2147483647, -2147483647], "int32")],
    ));
});

describe("empty tensors", () => {
  for (const [name, op] of Object.entries({ ...PIECEWISE, exp: tf.exp, log1p: tf.log1p })) {
    it(name, () => expectAgreement(op, [tf.zeros([0, 3])]));
  }
});
