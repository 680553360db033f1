/** Samples: what a metric compares, one row of numbers (features, logits) for each image. */

import { NumberRangeError, SampleShapeError, TooFewSamplesError } from "./errors.ts";

export interface Samples {
  /** `[count, dims]`. */
  data: Float32Array;
  count: number;
  dims: number;
}

/** Beyond this, products of float32 could overflow; features are some 1, logits some 10. */
const LARGEST = 1e15;

/**
 * @param what how a message calls them: `Generated features`
 * @param atLeast how many there must be, and why: `[2, "for a variance"]`
 * @throws SampleShapeError, TooFewSamplesError, NumberRangeError
 */
export function requireSamples(what: string, samples: Samples, [atLeast, why]: [number, string]): void {
  const { data, count, dims } = samples;
  if (!Number.isSafeInteger(dims) || dims < 1) {
    throw new SampleShapeError(what, "a whole number of at least 1 as dims", `${dims}`);
  }
  if (!(data instanceof Float32Array) || data.length !== count * dims) {
    const found = data instanceof Float32Array ? `${data.length}` : `a ${typeof data}`;
    throw new SampleShapeError(what, `a Float32Array of ${count} x ${dims} numbers`, found);
  }
  if (count < atLeast) throw new TooFewSamplesError(what, `at least ${atLeast} samples ${why}`, count);
  requireFinite(what, data, dims);
}

/** @throws SampleShapeError if they differ in dimensions */
export function requireSameDims(reference: Samples, generated: Samples): void {
  if (reference.dims === generated.dims) return;
  throw new SampleShapeError(
    "Reference and generated features",
    "the same dimensions, from the same layer of the same network",
    `${reference.dims} and ${generated.dims}`,
  );
}

/** @throws NumberRangeError naming the first bad number */
export function requireFinite(what: string, data: Float32Array, dims: number): void {
  for (let i = 0; i < data.length; i++) {
    if (!(Math.abs(data[i]!) <= LARGEST)) {
      throw new NumberRangeError(what, Math.floor(i / dims), i % dims, LARGEST, data[i]!);
    }
  }
}

/** The rows `indices` of `samples`, in that order. */
export function selectSamples({ data, dims }: Samples, indices: Int32Array): Samples {
  const selected = new Float32Array(indices.length * dims);
  indices.forEach((row, i) => {
    selected.set(data.subarray(row * dims, (row + 1) * dims), i * dims);
  });
  return { data: selected, count: indices.length, dims };
}
