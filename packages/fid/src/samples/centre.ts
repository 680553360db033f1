/** A point to subtract before products are computed in float32: rounding errors grow with the size of what is multiplied. */

import type { Samples } from "./samples.ts";

/** `[dims]`: the mean of all samples of all sets, rounded to float32. */
export function centreOf(...sets: readonly Samples[]): Float32Array {
  const sum = new Float64Array(sets[0]?.dims ?? 0);
  let total = 0;
  for (const { data, count, dims } of sets) {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < dims; j++) sum[j]! += data[i * dims + j]!;
    }
    total += count;
  }
  return Float32Array.from(sum, (value) => value / total);
}
