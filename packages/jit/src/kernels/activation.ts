/** The activations that tfjs fuses into convolutions and matrix products. */

import type { GraphBuilder } from "../graph/builder.ts";
import { broadcastShapes, sameShape, type Value } from "../graph/types.ts";

export type Activation = "linear" | "relu" | "relu6" | "elu" | "prelu" | "leakyrelu" | "sigmoid";

export function activate(
  g: GraphBuilder,
  x: Value,
  activation: Activation | undefined,
  preluWeights?: Value,
  leakyAlpha = 0.2,
): Value {
  switch (activation) {
    case "relu":
      return g.unary("Relu", x);
    case "relu6":
      return g.op("Clip", [x, g.float(0), g.float(6)], {}, x);
    case "elu":
      return g.unary("Elu", x);
    case "prelu":
      return prelu(g, x, preluWeights!);
    case "leakyrelu":
      return g.unary("LeakyRelu", x, { alpha: { float: leakyAlpha } });
    case "sigmoid":
      return sigmoid(g, x);
    default:
      return x;
  }
}

/**
 * 1 / (1 + exp(-x)). ONNX Runtime's Sigmoid on the CPU is a rational approximation with an error of 1e-7: next to 0 all
 * digits are wrong, and below -18 it is 0, so that log(sigmoid(x)), a usual GAN loss, is infinite.
 */
export function sigmoid(g: GraphBuilder, x: Value): Value {
  return g.unary("Reciprocal", g.add(g.unary("Exp", g.unary("Neg", x)), g.float(1)));
}

/** ONNX's PRelu broadcasts alpha to x but not x to alpha. */
export function prelu(g: GraphBuilder, x: Value, alpha: Value): Value {
  if (sameShape(broadcastShapes(x.shape, alpha.shape), x.shape)) return g.op("PRelu", [x, alpha], {}, x);
  return g.where(g.elementwise("Less", [x, g.float(0)], "bool"), g.mul(alpha, x), x);
}

/**
 * The derivative of leaky ReLU: 1 where x > 0, `alpha` in [0, 1] elsewhere, NaN where x is NaN. Scaling x until the least
 * positive float32 (1e-45) is above 1, then clipping, is several times faster in ONNX Runtime than choosing by comparison.
 */
export function kinkSlope(g: GraphBuilder, x: Value, alpha: number): Value {
  const steep = g.mul(g.mul(x, g.float(1e38)), g.float(1e38));
  return g.op("Clip", [steep, g.float(alpha), g.float(1)], {}, steep);
}
