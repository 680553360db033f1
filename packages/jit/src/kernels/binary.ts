/** Elementwise kernels of two or more tensors, broadcast against each other. */

import type { GraphBuilder } from "../graph/builder.ts";
import { broadcastShapes, isUniform, sameShape, type Value } from "../graph/types.ts";
import { kinkSlope, prelu } from "./activation.ts";
import { asNumber, promoted, stored } from "./dtypes.ts";
import type { KernelTable, Lowering } from "./lowering.ts";

interface Binary {
  a: Value;
  b: Value;
}

/** Both operands in one dtype that ONNX computes with. */
function numeric(g: GraphBuilder, a: Value, b: Value): [Value, Value] {
  const [x, y] = promoted(g, a, b);
  return [asNumber(g, x), asNumber(g, y)];
}

/** The result has the dtype of the operands; of bools it is whether it is not zero. */
function arithmetic(emit: (g: GraphBuilder, a: Value, b: Value) => Value): Lowering {
  return ({ g }, { a, b }: Binary) => {
    const isBool = a.dtype === "bool" && b.dtype === "bool";
    const result = emit(g, ...numeric(g, a, b));
    return isBool ? g.cast(result, "bool") : result;
  };
}

/** For a function of real numbers. */
function real(emit: (g: GraphBuilder, a: Value, b: Value) => Value): Lowering {
  return ({ g }, { a, b }: Binary) => {
    const [{ dtype }] = promoted(g, a, b);
    return stored(g, emit(g, g.cast(a, "float32"), g.cast(b, "float32")), dtype);
  };
}

function comparison(type: string): Lowering {
  return ({ g }, { a, b }: Binary) => g.elementwise(type, numeric(g, a, b), "bool");
}

function logical(type: string): Lowering {
  return ({ g }, { a, b }: Binary) => g.elementwise(type, [g.cast(a, "bool"), g.cast(b, "bool")], "bool");
}

/** floor(a / b), which is int32 in tfjs whatever a and b are; 0 where it is not finite. */
function floorDivide(g: GraphBuilder, a: Value, b: Value): Value {
  if (a.dtype === "float32") return stored(g, g.unary("Floor", g.div(a, b)), "int32");
  const { divisor, isUnit } = safeDivisor(g, b);
  // ONNX's integer division truncates towards zero: one less where the signs differ and there is a remainder.
  const quotient = g.div(a, divisor);
  const remainder = g.sub(a, g.mul(quotient, divisor));
  const inexact = g.unary("Not", g.elementwise("Equal", [remainder, g.fill(0, "int32")], "bool"));
  const opposite = g.elementwise("Xor", [isNegative(g, remainder), isNegative(g, divisor)], "bool");
  const floor = g.sub(quotient, g.cast(g.elementwise("And", [inexact, opposite], "bool"), "int32"));
  return isUnit ? g.where(isUnit, g.mul(a, b), floor) : floor;
}

/**
 * ONNX Runtime refuses to divide integers by 0, and dividing -2^31 by -1 is a fault of the processor that ends the
 * process. So what is -1, 0 or 1 is replaced by 1: dividing by these is multiplying by them (by 0 it is 0 in tfjs).
 */
function safeDivisor(g: GraphBuilder, b: Value): { divisor: Value; isUnit?: Value } {
  if (isUniform(b) && Math.abs(Number(b.constant![0])) > 1) return { divisor: b };
  const above = g.elementwise("Greater", [b, g.fill(-2, "int32")], "bool");
  const below = g.elementwise("Less", [b, g.fill(2, "int32")], "bool");
  const isUnit = g.elementwise("And", [above, below], "bool");
  return { divisor: g.where(isUnit, g.fill(1, "int32"), b), isUnit };
}

function isNegative(g: GraphBuilder, x: Value): Value {
  return g.elementwise("Less", [x, g.fill(0, x.dtype)], "bool");
}

/** The remainder with the sign of the divisor, as Python's and TensorFlow's. */
function modulo(g: GraphBuilder, a: Value, b: Value): Value {
  // The remainder of a division by -1, 0 (in tfjs) or 1 is 0.
  if (a.dtype === "int32") return g.elementwise("Mod", [a, safeDivisor(g, b).divisor], "int32", { fmod: 0 });
  const remainder = g.elementwise("Mod", [a, b], "float32", { fmod: 1 });
  const opposite = g.elementwise("Xor", [isNegative(g, remainder), isNegative(g, b)], "bool");
  const nonzero = g.unary("Not", g.elementwise("Equal", [remainder, g.float(0)], "bool"));
  return g.where(g.elementwise("And", [opposite, nonzero], "bool"), g.add(remainder, b), remainder);
}

/**
 * atan2 from atan: the half-plane of negative x turned by pi towards the sign of y. Zeros have a sign here, and where
 * both are zero or infinite, so that y / x is NaN, the ratio is that of the signs.
 */
function atan2(g: GraphBuilder, y: Value, x: Value): Value {
  const isDiagonal = g.elementwise("Equal", [g.unary("Abs", y), g.unary("Abs", x)], "bool");
  const signs = g.mul(g.unary("Sign", y), g.unary("Sign", x));
  const angle = g.unary("Atan", g.where(isDiagonal, signs, g.div(y, x)));
  const turn = g.where(signBit(g, y), g.float(-Math.PI), g.float(Math.PI));
  return g.where(signBit(g, x), g.add(angle, turn), angle);
}

/** Whether x is negative or -0, whose reciprocal is negative. */
function signBit(g: GraphBuilder, x: Value): Value {
  return g.elementwise("Or", [isNegative(g, x), isNegative(g, g.unary("Reciprocal", x))], "bool");
}

/** The x of `x > 0 ? dy : alpha dy`, tfjs's gradient of leaky ReLU, and its alpha. */
function leakyGradient(condition: Value, t: Value, e: Value): { x: Value; alpha: number } | undefined {
  const [greater, scaled] = [condition.producer, e.producer];
  const [x, zero] = greater?.inputs ?? [];
  if (greater?.type !== "Greater" || x?.dtype !== "float32" || !sameShape(x.shape, t.shape)) return undefined;
  const isZero = zero?.constant?.length === 1 && zero.constant[0] === 0;
  if (!isZero || scaled?.type !== "Mul" || !scaled.inputs.includes(t)) return undefined;
  const factor = scaled.inputs.find((v) => v !== t)?.constant;
  const alpha = factor?.length === 1 ? Number(factor[0]) : Number.NaN;
  return alpha >= 0 && alpha <= 1 ? { x, alpha } : undefined;
}

/**
 * ONNX Runtime 1.30 on WebGPU knows no power with a last axis of four or more where one operand has length one there, so
 * there the operands are broadcast before it.
 */
const power: Lowering = (context, inputs: Binary, attrs) =>
  arithmetic((g, a, b) => {
    if (context.target !== "webgpu") return g.elementwise("Pow", [a, b]);
    const shape = broadcastShapes(a.shape, b.shape);
    return g.op("Pow", [g.expand(a, shape), g.expand(b, shape)], {}, { dtype: a.dtype, shape });
  })(context, inputs, attrs);

const select: Lowering = ({ g }, { condition, t, e }: { condition: Value; t: Value; e: Value }) => {
  const leaky = leakyGradient(condition, t, e);
  if (leaky) return g.mul(t, kinkSlope(g, leaky.x, leaky.alpha));
  const [a, b] = promoted(g, t, e);
  // A vector condition picks whole rows of tensors of higher rank.
  const missing = sameShape(condition.shape, a.shape)
    ? 0
    : Math.max(0, a.shape.length - condition.shape.length);
  const rows = g.reshape(condition, [...condition.shape, ...Array<number>(missing).fill(1)]);
  return g.where(g.cast(rows, "bool"), a, b);
};

/** The derivative of ELU from its result y: 1 where y >= 0, y + 1 elsewhere. */
const eluGrad: Lowering = ({ g }, { dy, y }: { dy: Value; y: Value }) => {
  const slope = g.where(isNegative(g, y), g.add(y, g.float(1)), g.float(1));
  return g.mul(dy, slope);
};

export const binaryKernels: KernelTable = {
  Add: arithmetic((g, a, b) => g.add(a, b)),
  AddN: ({ g }, inputs: Record<string, Value>) => {
    const xs = Object.values(inputs);
    return g.cast(
      xs.map((x) => asNumber(g, x)).reduce((a, b) => g.add(a, b)),
      xs[0]!.dtype,
    );
  },
  Atan2: real(atan2),
  BitwiseAnd: arithmetic((g, a, b) => g.elementwise("BitwiseAnd", [a, b])),
  EluGrad: eluGrad,
  Equal: comparison("Equal"),
  FloorDiv: ({ g }, { a, b }: Binary) => floorDivide(g, ...numeric(g, a, b)),
  Greater: comparison("Greater"),
  GreaterEqual: comparison("GreaterOrEqual"),
  Less: comparison("Less"),
  LessEqual: comparison("LessOrEqual"),
  LogicalAnd: logical("And"),
  LogicalOr: logical("Or"),
  Maximum: arithmetic((g, a, b) => g.elementwise("Max", [a, b])),
  Minimum: arithmetic((g, a, b) => g.elementwise("Min", [a, b])),
  Mod: arithmetic(modulo),
  Multiply: arithmetic((g, a, b) => g.mul(a, b)),
  NotEqual: ({ g }, { a, b }: Binary) => g.unary("Not", g.elementwise("Equal", numeric(g, a, b), "bool")),
  Pow: power,
  Prelu: ({ g }, { x, alpha }: { x: Value; alpha: Value }) =>
    prelu(g, g.cast(x, "float32"), g.cast(alpha, "float32")),
  RealDiv: real((g, a, b) => g.div(a, b)),
  Select: select,
  SquaredDifference: arithmetic((g, a, b) => {
    const difference = g.sub(a, b);
    return g.mul(difference, difference);
  }),
  Sub: arithmetic((g, a, b) => g.sub(a, b)),
};
