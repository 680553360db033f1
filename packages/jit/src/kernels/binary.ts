/** Elementwise kernels of two or more tensors, broadcast against each other. */

import type { GraphBuilder } from "../graph/builder.ts";
import { type DType, sameShape, type Value } from "../graph/types.ts";
import type { KernelTable, Lowering } from "./lowering.ts";

interface Binary {
  a: Value;
  b: Value;
}

/** tfjs's wider type of two: float32 over int32 over bool. */
function promoted(g: GraphBuilder, a: Value, b: Value): [Value, Value] {
  const order: DType[] = ["bool", "int32", "float32"];
  const dtype = order[Math.max(order.indexOf(a.dtype), order.indexOf(b.dtype))]!;
  return [g.cast(a, dtype), g.cast(b, dtype)];
}

/** The same for operators that ONNX does not define on bool. */
function numeric(g: GraphBuilder, a: Value, b: Value): [Value, Value] {
  const [x, y] = promoted(g, a, b);
  return x.dtype === "bool" ? [g.cast(x, "int32"), g.cast(y, "int32")] : [x, y];
}

function arithmetic(emit: (g: GraphBuilder, a: Value, b: Value) => Value): Lowering {
  return ({ g }, { a, b }: Binary) => emit(g, ...numeric(g, a, b));
}

function comparison(type: string): Lowering {
  return ({ g }, { a, b }: Binary) => g.elementwise(type, numeric(g, a, b), "bool");
}

function logical(type: string): Lowering {
  return ({ g }, { a, b }: Binary) => g.elementwise(type, [g.cast(a, "bool"), g.cast(b, "bool")], "bool");
}

/** floor(a / b), in the dtype of the operands. */
function floorDivide(g: GraphBuilder, a: Value, b: Value): Value {
  if (a.dtype === "float32") return g.unary("Floor", g.div(a, b));
  // ONNX's integer division truncates towards zero: one less where the signs differ and there is a remainder.
  const quotient = g.div(a, b);
  const remainder = g.sub(a, g.mul(quotient, b));
  const inexact = g.unary("Not", g.elementwise("Equal", [remainder, g.fill(0, "int32")], "bool"));
  const opposite = g.elementwise("Xor", [isNegative(g, remainder), isNegative(g, b)], "bool");
  return g.sub(quotient, g.cast(g.elementwise("And", [inexact, opposite], "bool"), "int32"));
}

function isNegative(g: GraphBuilder, x: Value): Value {
  return g.elementwise("Less", [x, g.fill(0, x.dtype)], "bool");
}

/** The remainder with the sign of the divisor, as Python's and TensorFlow's. */
function modulo(g: GraphBuilder, a: Value, b: Value): Value {
  if (a.dtype === "int32") return g.elementwise("Mod", [a, b], "int32", { fmod: 0 });
  const remainder = g.elementwise("Mod", [a, b], "float32", { fmod: 1 });
  const opposite = g.elementwise("Xor", [isNegative(g, remainder), isNegative(g, b)], "bool");
  const nonzero = g.unary("Not", g.elementwise("Equal", [remainder, g.float(0)], "bool"));
  return g.where(g.elementwise("And", [opposite, nonzero], "bool"), g.add(remainder, b), remainder);
}

/** atan2 from atan: the half-plane of negative b turned by pi towards the sign of a (0 counts as positive). */
const atan2: Lowering = ({ g }, { a, b }: Binary) => {
  const [y, x] = [g.cast(a, "float32"), g.cast(b, "float32")];
  const zero = g.float(0);
  const turn = g.where(isNegative(g, y), g.float(-Math.PI), g.float(Math.PI));
  const angle = g.unary("Atan", g.div(y, x));
  const side = g.where(isNegative(g, x), g.add(angle, turn), angle);
  const onAxis = g.elementwise("Equal", [x, zero], "bool");
  const quarter = g.mul(g.unary("Sign", y), g.float(Math.PI / 2));
  return g.where(onAxis, g.elementwise("Add", [quarter, g.mul(x, zero)]), side);
};

const select: Lowering = ({ g }, { condition, t, e }: { condition: Value; t: Value; e: Value }) => {
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
  AddN: ({ g }, inputs: Record<string, Value>) => Object.values(inputs).reduce((a, b) => g.add(a, b)),
  Atan2: atan2,
  BitwiseAnd: arithmetic((g, a, b) => g.elementwise("BitwiseAnd", [a, b])),
  EluGrad: eluGrad,
  Equal: comparison("Equal"),
  FloorDiv: arithmetic(floorDivide),
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
  Pow: arithmetic((g, a, b) => g.elementwise("Pow", [a, b])),
  Prelu: ({ g }, { x, alpha }: { x: Value; alpha: Value }) => g.elementwise("PRelu", [x, alpha]),
  RealDiv: arithmetic((g, a, b) => g.div(g.cast(a, "float32"), g.cast(b, "float32"))),
  Select: select,
  SquaredDifference: arithmetic((g, a, b) => {
    const difference = g.sub(a, b);
    return g.mul(difference, difference);
  }),
  Sub: arithmetic((g, a, b) => g.sub(a, b)),
};
