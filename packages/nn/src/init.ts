/** How parameters begin. */

import type { Generator } from "./random/generator.ts";

/** Fills a parameter of `shape` (in memory: HWIO filters, `[out, in]` matrices) from `generator`. */
export type Initializer = (shape: readonly number[], generator: Generator) => Float32Array;
