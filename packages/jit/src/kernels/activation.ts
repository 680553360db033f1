/** The activations that tfjs fuses into convolutions and matrix products. */

import type { GraphBuilder } from "../graph/builder.ts";
import type { Value } from "../graph/types.ts";

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
      return g.elementwise("PRelu", [x, preluWeights!]);
    case "leakyrelu":
      return g.unary("LeakyRelu", x, { alpha: { float: leakyAlpha } });
    case "sigmoid":
      return g.unary("Sigmoid", x);
    default:
      return x;
  }
}
