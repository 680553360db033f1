/** A seeded, splittable generator with the same stream on every platform. */
export interface Generator {
  /** Uniform in [0, 1). */
  uniform(n: number): Float32Array;
  /** Standard normal. */
  normal(n: number): Float32Array;
  /** 0 ... n-1 in random order. */
  permutation(n: number): Int32Array;
  /** Uniform integers in [0, below). */
  integers(n: number, below: number): Int32Array;
  /** An independent generator: a function of this one's seed and `label` alone, not of what was drawn so far. */
  split(label: string | number): Generator;
}
