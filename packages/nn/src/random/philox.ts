/** Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3. */

const ROUNDS = 10;
const MULTIPLIER = [0xd2511f53, 0xcd9e8d57] as const;
const KEY_STEP = [0x9e3779b9, 0xbb67ae85] as const;

const LOW0 = MULTIPLIER[0] & 0xffff;
const HIGH0 = MULTIPLIER[0] >>> 16;
const LOW1 = MULTIPLIER[1] & 0xffff;
const HIGH1 = MULTIPLIER[1] >>> 16;

export type Key = readonly [number, number];
export type Counter = readonly [number, number, number, number];

/**
 * Fills `out`, whose length is a multiple of 4, with consecutive blocks of four 32-bit words.
 *
 * @param counter of the first block, lowest word first; each following block adds 1 to its lower 64 bits
 */
export function philox(out: Uint32Array, counter: Counter, key: Key): void {
  let [low, high] = counter;
  for (let at = 0; at < out.length; at += 4) {
    let c0 = low | 0;
    let c1 = high | 0;
    let c2 = counter[2] | 0;
    let c3 = counter[3] | 0;
    let k0 = key[0] | 0;
    let k1 = key[1] | 0;
    for (let round = 0; round < ROUNDS; round++) {
      const high0 = highProduct(c0, LOW0, HIGH0);
      const high1 = highProduct(c2, LOW1, HIGH1);
      const low0 = Math.imul(c0, MULTIPLIER[0]);
      const low1 = Math.imul(c2, MULTIPLIER[1]);
      c0 = high1 ^ c1 ^ k0;
      c1 = low1;
      c2 = high0 ^ c3 ^ k1;
      c3 = low0;
      k0 = (k0 + KEY_STEP[0]) | 0;
      k1 = (k1 + KEY_STEP[1]) | 0;
    }
    out[at] = c0;
    out[at + 1] = c1;
    out[at + 2] = c2;
    out[at + 3] = c3;
    low = (low + 1) | 0;
    if (low === 0) high = (high + 1) | 0;
  }
}

/** The upper 32 bits (as a signed integer) of the 64-bit product of the unsigned a and b = 2^16 high + low. */
export function highProduct(a: number, low: number, high: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  // Schoolbook multiplication by 16-bit digits; neither sum can reach 2^32, since (2^16 - 1)^2 + 2^16 - 1 < 2^32.
  const middle = (Math.imul(aHigh, low) + (Math.imul(aLow, low) >>> 16)) >>> 0;
  const carry = (Math.imul(aLow, high) + (middle & 0xffff)) >>> 0;
  return (Math.imul(aHigh, high) + (middle >>> 16) + (carry >>> 16)) | 0;
}
