/** tfjs's WebAssembly backend 4.22, with the kernels in `src/eager/wasm/`. */

import type { KnownFailure } from "./failures.ts";
import { eagerEinsum, edges } from "./shared.ts";

export const eagerWasm: readonly KnownFailure[] = [
  eagerEinsum,
  // Comparisons with NaN are false, and the backend compares in an order of its own.
  edges(["clipByValue"], "of NaN it is the lower bound"),
  edges(["elu", "erf", "selu"], "NaN is -9 after the test's clipByValue(-9, 9)"),
  edges(["relu6"], "of NaN it is 0"),
  edges(["maximum", "minimum"], "of a number and NaN, in this order, it is the number", "binary"),
  edges(["prelu"], "of x >= 0 it is NaN where the slope is not finite: 0 times it is added", "binary"),
  // Computed with constants and intermediate results in float32.
  edges(
    ["cos", "sin"],
    "of 1e-8 the sine is 2e-7; of 1e20 and more both are far out: too large to reduce to a period",
  ),
  edges(["log1p"], "of 1e-8 it is 0: log(1 + x)"),
  edges(["sign"], "of 1e-8 it is 0"),
];
