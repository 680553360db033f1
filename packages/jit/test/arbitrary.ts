/** Random tensors for property tests. */

import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";

export function shape(minRank: number, maxRank: number, maxDim = 5): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 1, max: maxDim }), { minLength: minRank, maxLength: maxRank });
}

export interface Range {
  min?: number;
  max?: number;
}

/** A float32 tensor of this shape, its elements spread evenly over [min, max] in an order set by a random seed. */
export function floats(dims: number[], { min = -2, max = 2 }: Range = {}): fc.Arbitrary<tf.Tensor> {
  return fc.integer({ min: 1, max: 1 << 30 }).map((seed) => {
    const random = generator(seed);
    return tf.tensor(
      Float32Array.from({ length: size(dims) }, () => min + (max - min) * random()),
      dims,
      "float32",
    );
  });
}

export function ints(dims: number[], { min = -5, max = 5 }: Range = {}): fc.Arbitrary<tf.Tensor> {
  return fc.integer({ min: 1, max: 1 << 30 }).map((seed) => {
    const random = generator(seed);
    const list = Int32Array.from({ length: size(dims) }, () => min + Math.floor((max - min + 1) * random()));
    return tf.tensor(list, dims, "int32");
  });
}

export function bools(dims: number[]): fc.Arbitrary<tf.Tensor> {
  return ints(dims, { min: 0, max: 1 }).map((t) => t.cast("bool"));
}

/** Two shapes that broadcast to `dims`: some axes one long, some leading axes missing. */
export function broadcastable(dims: number[]): fc.Arbitrary<[number[], number[]]> {
  const other = fc
    .tuple(
      fc.array(fc.boolean(), { minLength: dims.length, maxLength: dims.length }),
      fc.nat({ max: dims.length }),
    )
    .map(([ones, drop]) => dims.map((dim, i) => (ones[i] ? 1 : dim)).slice(drop));
  return fc.tuple(fc.constant(dims), other, fc.boolean()).map(([a, b, swap]) => (swap ? [b, a] : [a, b]));
}

/** Up to two rows and columns on each side of an image. */
export const explicitPadding = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)).map(
  ([top, bottom, left, right]): tf.backend_util.ExplicitPadding => [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ],
);

export const runs = { numRuns: Number(process.env.TOUCHSTONE_TEST_RUNS ?? 12) };

function size(dims: number[]): number {
  return dims.reduce((a, b) => a * b, 1);
}

/** mulberry32 */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
