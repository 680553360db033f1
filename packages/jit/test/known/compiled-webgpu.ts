/** ONNX Runtime 1.30's WebGPU provider: what was seen on SwiftShader, for reasons outside the lowerings. */

import type { KnownFailure } from "./failures.ts";
import { edges } from "./shared.ts";

export const compiledWebgpu: readonly KnownFailure[] = [
  // WGSL 15.7.2: an implementation may assume that there are no NaN and no infinities.
  edges(["relu", "relu6", "sigmoid"], "of NaN it is 0"),
  edges(["clipByValue"], "of NaN it is the lower bound"),
  edges(["exp", "softplus", "elu"], "of NaN it is Infinity"),
  edges(["logSigmoid"], "of NaN it is -Infinity"),
  edges(["erf", "selu"], "NaN is -9 after the test's clipByValue(-9, 9)"),
  {
    suite: "reduce",
    test: /^softmax > softmax of very large and very small logits$/,
    symptom: "a row with NaN is all 0",
  },
  // Outside its domain a function may give anything.
  edges(["log", "log1p"], "log of a negative x is log |x|, of NaN 89.1; of a single 0 it is -88.03"),
  edges(["acosh"], "below 1 and of NaN it is 89.13; of 3e38 it overflows"),
  edges(["atanh"], "of x beyond 1 it is atanh(1 / x); of -1 it is -44.01"),
  {
    suite: "unary",
    test: /^integers keep their dtype > int32$/,
    symptom: "log1p of -5 is 1: log of a negative x is log |x|",
  },
  {
    suite: "binary",
    test: /^edge values > pow$/,
    symptom: "0 to a negative power is NaN or 0; x < 0 to 2.5 is |x| to 2.5; of NaN it is 0 or Infinity",
  },
  // WGSL 15.7.4 bounds these by an absolute error only, and 15.7.2 lets subnormal numbers be 0.
  edges(["asinh"], "of 1e-8 it is 0; of -1000 it is off by 3e-3; of 1e20 it overflows"),
  edges(["expm1", "sinh", "tanh"], "of 1e-8 it is 0"),
  edges(["sqrt", "rsqrt", "ceil", "step"], "a subnormal operand (1e-40) counts as 0"),
  {
    suite: "unary",
    test: /^edge values > cast to bool is true for all but zero$/,
    symptom: "a subnormal operand (1e-40) counts as 0",
  },
  edges(["sin", "cos", "tan"], "of 2^31 and more it is far out or infinite: too large to reduce to a period"),
  edges(["cosh"], "of 89 it overflows, where exp(89) / 2 does not"),
];
