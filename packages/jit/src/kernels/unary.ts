/** Elementwise kernels of one tensor. */

import type { GraphBuilder } from "../graph/builder.ts";
import type { DType, Value } from "../graph/types.ts";
import { kinkSlope, sigmoid } from "./activation.ts";
import { asNumber, stored } from "./dtypes.ts";
import type { KernelTable, Lowering } from "./lowering.ts";
import * as webgpu from "./webgpu.ts";

interface Unary {
  x: Value;
}

function float(g: GraphBuilder, x: Value): Value {
  return g.cast(x, "float32");
}

/** A function of real numbers; the result has the dtype of the operand all the same. */
function real(compute: (g: GraphBuilder, x: Value) => Value): Lowering {
  return ({ g }, { x }: Unary) => stored(g, compute(g, float(g, x)), x.dtype);
}

function direct(type: string): Lowering {
  return real((g, x) => g.unary(type, x));
}

/** With a formula of its own on WebGPU. */
function realOr(onWebGPU: (g: GraphBuilder, x: Value) => Value, elsewhere: Lowering): Lowering {
  const there = real(onWebGPU);
  return (context, inputs, attrs) =>
    (context.target === "webgpu" ? there : elsewhere)(context, inputs, attrs);
}

/** A function that is exact on integers. */
function exact(compute: (g: GraphBuilder, x: Value) => Value): Lowering {
  return ({ g }, { x }: Unary) => g.cast(compute(g, asNumber(g, x)), x.dtype);
}

function sameType(type: string): Lowering {
  return exact((g, x) => g.unary(type, x));
}

/** ONNX tests infinities and NaN in floating point only; an integer is always finite. */
function floatTest(type: string): Lowering {
  return ({ g }, { x }: Unary) => g.unary(type, float(g, x), {}, "bool");
}

/** `alpha` where x <= 0, 1 where x > 0, NaN where x is NaN: the derivative of leaky ReLU. */
const step: Lowering = ({ g }, { x }: Unary, { alpha }: { alpha: number }) => {
  const y = float(g, x);
  if (alpha >= 0 && alpha <= 1) return stored(g, kinkSlope(g, y, alpha), x.dtype);
  const slope = g.where(g.elementwise("Greater", [y, g.float(0)], "bool"), g.float(1), g.float(alpha));
  return stored(g, g.where(g.unary("IsNaN", y, {}, "bool"), y, slope), x.dtype);
};

function clamp(g: GraphBuilder, x: Value, low: number, high: number): Value {
  return g.op("Clip", [x, g.fill(low, x.dtype), g.fill(high, x.dtype)], {}, x);
}

const clip: Lowering = (context, inputs, { clipValueMin, clipValueMax }) =>
  exact((g, x) => clamp(g, x, clipValueMin, clipValueMax))(context, inputs, {});

const finite: Lowering = ({ g }, { x }: Unary) => {
  const y = float(g, x);
  const bad = g.elementwise("Or", [g.unary("IsInf", y, {}, "bool"), g.unary("IsNaN", y, {}, "bool")]);
  return g.unary("Not", bad);
};

/** exp(x) - 1 loses all digits near zero; tanh(x / 2) (e^x + 1) is the same function and does not. */
function expm1(g: GraphBuilder, x: Value): Value {
  const half = g.mul(x, g.float(0.5));
  return g.mul(g.unary("Tanh", half), g.add(g.unary("Exp", x), g.float(1)));
}

/** log(1 + x) loses all digits near zero; 2 atanh(x / (2 + x)) is the same function and does not. */
function log1p(g: GraphBuilder, x: Value): Value {
  const small = g.elementwise("Less", [g.unary("Abs", x), g.float(0.5)], "bool");
  const safe = g.where(small, x, g.float(0));
  const series = g.mul(g.float(2), g.unary("Atanh", g.div(safe, g.add(g.float(2), safe))));
  return g.where(small, series, g.unary("Log", g.add(g.float(1), x)));
}

export const unaryKernels: KernelTable = {
  Abs: sameType("Abs"),
  Acos: direct("Acos"),
  Acosh: direct("Acosh"),
  Asin: direct("Asin"),
  Asinh: direct("Asinh"),
  Atan: direct("Atan"),
  Atanh: direct("Atanh"),
  // tfjs truncates towards zero, as ONNX does.
  Cast: ({ g }, { x }: Unary, { dtype }: { dtype: DType }) => g.cast(x, dtype),
  Ceil: direct("Ceil"),
  ClipByValue: clip,
  Cos: realOr(webgpu.cos, direct("Cos")),
  Cosh: direct("Cosh"),
  Elu: direct("Elu"),
  Erf: direct("Erf"),
  // The only one of its kind whose result is float32 for integers too.
  Exp: ({ g }, { x }: Unary) => g.unary("Exp", float(g, x)),
  Expm1: real(expm1),
  Floor: direct("Floor"),
  Identity: (_, { x }: Unary) => x,
  IsFinite: finite,
  IsInf: floatTest("IsInf"),
  IsNan: floatTest("IsNaN"),
  LeakyRelu: ({ g }, { x }: Unary, { alpha }) =>
    g.unary("LeakyRelu", float(g, x), { alpha: { float: alpha } }),
  Log: direct("Log"),
  Log1p: realOr(webgpu.log1p, real(log1p)),
  LogicalNot: ({ g }, { x }: Unary) => g.unary("Not", g.cast(x, "bool")),
  Neg: sameType("Neg"),
  OnesLike: ({ g }, { x }: Unary) => g.fill(1, x.dtype, x.shape),
  Reciprocal: direct("Reciprocal"),
  Relu: sameType("Relu"),
  Relu6: exact((g, x) => clamp(g, x, 0, 6)),
  Round: direct("Round"),
  Rsqrt: real((g, x) => g.unary("Reciprocal", g.unary("Sqrt", x))),
  Selu: direct("Selu"),
  Sigmoid: ({ g, target }, { x }: Unary) => {
    const y = float(g, x);
    return target === "webgpu" || target === "cuda" ? g.unary("Sigmoid", y) : sigmoid(g, y);
  },
  // Of NaN it is 0 to tfjs and NaN to ONNX.
  Sign: exact((g, x) => {
    const sign = g.unary("Sign", x);
    return x.dtype === "int32" ? sign : g.where(g.unary("IsNaN", x, {}, "bool"), g.float(0), sign);
  }),
  Sin: realOr(webgpu.sin, direct("Sin")),
  Sinh: direct("Sinh"),
  Softplus: realOr(webgpu.softplus, direct("Softplus")),
  Sqrt: direct("Sqrt"),
  Square: exact((g, x) => g.mul(x, x)),
  Step: step,
  Tan: realOr(webgpu.tan, direct("Tan")),
  Tanh: direct("Tanh"),
  ZerosLike: ({ g }, { x }: Unary) => g.fill(0, x.dtype, x.shape),
};
