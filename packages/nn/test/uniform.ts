/** For tests: the numbers of `bench/peers/seeded.py`, by which PyTorch fills the same weights and images. */

/** Mulberry32 from the FNV-1a hash of `name`, in [-1, 1). */
export function uniform(name: string, n: number): Float32Array {
  let state = 0x811c9dc5;
  for (const char of name) state = Math.imul(state ^ char.charCodeAt(0), 0x01000193);
  return Float32Array.from({ length: n }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}
