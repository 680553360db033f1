/**
 * Element types, where ONNX and tfjs differ. tfjs computes everything in float64 and stores the result in an array of
 * the operand's type; ONNX defines each operator for some types only.
 */

import type { GraphBuilder } from "../graph/builder.ts";
import type { DType, Value } from "../graph/types.ts";

/** For operators that ONNX does not define on bool. */
export function asNumber(g: GraphBuilder, x: Value): Value {
  return x.dtype === "bool" ? g.cast(x, "int32") : x;
}

/**
 * A float32 result in the dtype in which tfjs stores it. An integer array drops the fraction and holds 0 for what is
 * not finite; a bool is whether anything is left.
 */
export function stored(g: GraphBuilder, y: Value, dtype: DType): Value {
  if (y.dtype !== "float32" || dtype === "float32") return g.cast(y, dtype);
  const zero = g.float(0);
  // x - x is NaN unless x is finite.
  const finite = g.elementwise("Equal", [g.elementwise("Sub", [y, y]), zero], "bool");
  return g.cast(g.cast(g.where(finite, y, zero), "int32"), dtype);
}

/** tfjs's wider type of two: float32 over int32 over bool. */
export function promoted(g: GraphBuilder, a: Value, b: Value): [Value, Value] {
  const order: DType[] = ["bool", "int32", "float32"];
  const dtype = order[Math.max(order.indexOf(a.dtype), order.indexOf(b.dtype))]!;
  return [g.cast(a, dtype), g.cast(b, dtype)];
}
