/**
 * Functions of real numbers for WebGPU, from sums and products. Its shading language promises little: sin and cos to
 * 2^-11 within [-pi, pi] and log to 2^-21 around 1 (WGSL 15.7.4), and software adapters use all of that.
 */

import type { GraphBuilder } from "../graph/builder.ts";
import type { Value } from "../graph/types.ts";

/** pi in two parts, the first with so few digits that its multiples are exact (Cody & Waite 1980). */
const PI_HIGH = 3.140625;
const PI_LOW = Math.PI - PI_HIGH;

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** Taylor's series of sine and cosine: at pi / 2 the next terms are 6e-8 and 6e-9. */
const SINE = [1, 3, 5, 7, 9, 11].map((n, i) => (-1) ** i / factorial(n));
const COSINE = [0, 2, 4, 6, 8, 10, 12].map((n, i) => (-1) ** i / factorial(n));
/** atanh(s) / s by powers of s^2: for |s| <= 1/3 the next term is 2e-9. */
const ATANH = Array.from({ length: 8 }, (_, i) => 1 / (2 * i + 1));

export function sin(g: GraphBuilder, x: Value): Value {
  const { rest, sign } = reduced(g, x);
  return g.mul(sign, g.mul(rest, polynomial(g, g.mul(rest, rest), SINE)));
}

export function cos(g: GraphBuilder, x: Value): Value {
  const { rest, sign } = reduced(g, x);
  return g.mul(sign, polynomial(g, g.mul(rest, rest), COSINE));
}

export function tan(g: GraphBuilder, x: Value): Value {
  return g.div(sin(g, x), cos(g, x));
}

/** log(1 + x) = 2 atanh(x / (2 + x)), by its series where x is small. */
export function log1p(g: GraphBuilder, x: Value): Value {
  const isSmall = g.elementwise("Less", [g.unary("Abs", x), g.float(0.5)], "bool");
  const safe = g.where(isSmall, x, g.float(0));
  const s = g.div(safe, g.add(g.float(2), safe));
  const series = g.mul(g.mul(g.float(2), s), polynomial(g, g.mul(s, s), ATANH));
  return g.where(isSmall, series, g.unary("Log", g.add(g.float(1), x)));
}

/** log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)), which neither overflows nor loses what is next to 0. */
export function softplus(g: GraphBuilder, x: Value): Value {
  return g.add(g.unary("Relu", x), log1p(g, g.unary("Exp", g.unary("Neg", g.unary("Abs", x)))));
}

/** x = k pi + rest with |rest| <= pi / 2, and (-1)^k, the sign of both functions at x relative to rest. */
function reduced(g: GraphBuilder, x: Value): { rest: Value; sign: Value } {
  const k = g.unary("Round", g.mul(x, g.float(1 / Math.PI)));
  const rest = g.sub(g.sub(x, g.mul(k, g.float(PI_HIGH))), g.mul(k, g.float(PI_LOW)));
  const half = g.unary("Floor", g.mul(k, g.float(0.5)));
  const isOdd = g.sub(k, g.mul(half, g.float(2)));
  return { rest, sign: g.sub(g.float(1), g.mul(isOdd, g.float(2))) };
}

/** Horner's rule; coefficients from the constant upwards. */
function polynomial(g: GraphBuilder, x: Value, coefficients: readonly number[]): Value {
  const [highest, ...rest] = coefficients.toReversed().map((c) => g.float(c)) as [Value, ...Value[]];
  return rest.reduce((sum, c) => g.add(g.mul(sum, x), c), highest);
}
