/** Elementwise kernels of one tensor. */

import type { GraphBuilder } from "../graph/builder.ts";
import type { DType, Value } from "../graph/types.ts";
import type { KernelTable, Lowering } from "./lowering.ts";

interface Unary {
  x: Value;
}

/** tfjs computes these in float32 whatever it is given; ONNX wants to be told. */
function float(g: GraphBuilder, x: Value): Value {
  return g.cast(x, "float32");
}

function direct(type: string): Lowering {
  return ({ g }, { x }: Unary) => g.unary(type, float(g, x));
}

/** For operators that keep the dtype, so that int32 stays int32. */
function sameType(type: string): Lowering {
  return ({ g }, { x }: Unary) => g.unary(type, x.dtype === "bool" ? g.cast(x, "int32") : x);
}

/** ONNX tests infinities and NaN in floating point only; an integer is always finite. */
function floatTest(type: string): Lowering {
  return ({ g }, { x }: Unary) => g.unary(type, float(g, x), {}, "bool");
}

function like(x: Value): (g: GraphBuilder, n: number) => Value {
  return (g, n) => g.fill(n, x.dtype);
}

/** `alpha` where x <= 0, 1 where x > 0, NaN where x is NaN: the derivative of leaky ReLU. */
const step: Lowering = ({ g }, { x }: Unary, { alpha }: { alpha: number }) => {
  const y = float(g, x);
  const slope = g.where(g.elementwise("Greater", [y, g.float(0)], "bool"), g.float(1), g.float(alpha));
  return g.where(g.unary("IsNaN", y, {}, "bool"), y, slope);
};

const clip: Lowering = ({ g }, { x }: Unary, { clipValueMin, clipValueMax }) => {
  const n = like(x);
  return g.op("Clip", [x, n(g, clipValueMin), n(g, clipValueMax)], {}, x);
};

const castTo: Lowering = ({ g }, { x }: Unary, { dtype }: { dtype: DType }) => {
  // tfjs truncates towards zero, as ONNX does.
  return g.cast(x, dtype);
};

export const unaryKernels: KernelTable = {
  Abs: sameType("Abs"),
  Acos: direct("Acos"),
  Acosh: direct("Acosh"),
  Asin: direct("Asin"),
  Asinh: direct("Asinh"),
  Atan: direct("Atan"),
  Atanh: direct("Atanh"),
  Cast: castTo,
  Ceil: direct("Ceil"),
  ClipByValue: clip,
  Cos: direct("Cos"),
  Cosh: direct("Cosh"),
  Elu: direct("Elu"),
  Erf: direct("Erf"),
  Exp: direct("Exp"),
  // exp(x) - 1 loses all digits near zero; 2 e^(x/2) sinh(x/2) does not.
  Expm1: ({ g }, { x }: Unary) => {
    const half = g.mul(float(g, x), g.float(0.5));
    return g.mul(g.mul(g.float(2), g.unary("Exp", half)), g.unary("Sinh", half));
  },
  Floor: direct("Floor"),
  Identity: (_, { x }: Unary) => x,
  IsFinite: ({ g }, { x }: Unary) => {
    const y = float(g, x);
    const bad = g.elementwise("Or", [g.unary("IsInf", y, {}, "bool"), g.unary("IsNaN", y, {}, "bool")]);
    return g.unary("Not", bad);
  },
  IsInf: floatTest("IsInf"),
  IsNan: floatTest("IsNaN"),
  LeakyRelu: ({ g }, { x }: Unary, { alpha }) =>
    g.unary("LeakyRelu", float(g, x), { alpha: { float: alpha } }),
  Log: direct("Log"),
  // log(1 + x) loses all digits near zero; 2 atanh(x / (2 + x)) is the same function and does not.
  Log1p: ({ g }, { x }: Unary) => {
    const y = float(g, x);
    const small = g.elementwise("Less", [g.unary("Abs", y), g.float(0.5)], "bool");
    const safe = g.where(small, y, g.float(0));
    const series = g.mul(g.float(2), g.unary("Atanh", g.div(safe, g.add(g.float(2), safe))));
    return g.where(small, series, g.unary("Log", g.add(g.float(1), y)));
  },
  LogicalNot: ({ g }, { x }: Unary) => g.unary("Not", g.cast(x, "bool")),
  Neg: sameType("Neg"),
  OnesLike: ({ g }, { x }: Unary) => g.fill(1, x.dtype, x.shape),
  Reciprocal: direct("Reciprocal"),
  Relu: sameType("Relu"),
  Relu6: ({ g }, { x }: Unary) => {
    const n = like(x);
    return g.op("Clip", [x, n(g, 0), n(g, 6)], {}, x);
  },
  Round: direct("Round"),
  Rsqrt: ({ g }, { x }: Unary) => g.unary("Reciprocal", g.unary("Sqrt", float(g, x))),
  Selu: direct("Selu"),
  Sigmoid: direct("Sigmoid"),
  Sign: direct("Sign"),
  Sin: direct("Sin"),
  Sinh: direct("Sinh"),
  Softplus: direct("Softplus"),
  Sqrt: direct("Sqrt"),
  Square: ({ g }, { x }: Unary) => g.mul(x, x),
  Step: step,
  Tan: direct("Tan"),
  Tanh: direct("Tanh"),
  ZerosLike: ({ g }, { x }: Unary) => g.fill(0, x.dtype, x.shape),
};
