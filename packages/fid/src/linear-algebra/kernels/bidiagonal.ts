/**
 * The singular values of a bidiagonal matrix by implicitly shifted QR (Golub and Kahan, 1965; the zero-shift sweep of Demmel
 * and Kahan, 1990, where a shift would be lost in rounding). Each is found to within a few roundings of the largest.
 */

import { ROUNDING, swap } from "./vector.ts";

/** An off-diagonal number is dropped when it is this small against its neighbours on the diagonal ... */
const NEGLIGIBLE: f64 = ROUNDING / 16;
/** ... or this small against the largest number of all. */
const FLOOR: f64 = ROUNDING / 1024;
/** Sweeps for each singular value before giving up; two are usual. */
const PATIENCE: usize = 40;

let cosine: f64 = 0;
let sine: f64 = 0;

/** Sets cosine and sine to the rotation that maps (f, g) onto (r, 0), and returns r. */
function rotation(f: f64, g: f64): f64 {
  const r = Math.sqrt(f * f + g * g);
  if (r === 0) {
    cosine = 1;
    sine = 0;
    return 0;
  }
  const inverse = 1 / r;
  cosine = f * inverse;
  sine = g * inverse;
  return r;
}

/**
 * Replaces the diagonal `d` (n) by the singular values, in no order and with signs, and empties the super-diagonal `e` (n - 1).
 *
 * @returns the sum of |e| that was dropped. By so much at most the sum of the singular values is off, since that is a norm.
 */
export function diagonalize(d: usize, e: usize, n: usize): f64 {
  let largest: f64 = 0;
  for (let i: usize = 0; i < n; i++) {
    largest = max(largest, Math.abs(load<f64>(d + i * 8)));
    if (i + 1 < n) largest = max(largest, Math.abs(load<f64>(e + i * 8)));
  }
  const floor = largest * FLOOR;
  let dropped: f64 = 0;
  let budget = PATIENCE * n;
  let hi = <i32>n - 1;
  let blockHi = -1;
  let blockLo = -1;
  while (hi > 0) {
    let lo = hi;
    for (; lo > 0; lo--) {
      const off = e + ((lo - 1) << 3);
      const size = Math.abs(load<f64>(off));
      const near = Math.abs(load<f64>(d + (lo << 3))) + Math.abs(load<f64>(d + ((lo - 1) << 3)));
      if (size > floor && size > NEGLIGIBLE * near && budget > 0) continue;
      dropped += size;
      store<f64>(off, 0);
      break;
    }
    if (lo === hi) {
      hi--;
      continue;
    }
    if (hi !== blockHi || lo !== blockLo) largeEndFirst(d, e, lo, hi);
    blockHi = hi;
    blockLo = lo;
    const top = Math.abs(load<f64>(d + (lo << 3)));
    const shift = smallerOfBottom(d, e, hi);
    if (top > 0 && shift * shift > ROUNDING * top * top) sweep(d, e, lo, hi, shift);
    else sweepUnshifted(d, e, lo, hi);
    budget--;
  }
  return dropped;
}

/** Sweeps run from lo to hi, and small values converge soonest at hi. Turned around, a block has the same singular values. */
function largeEndFirst(d: usize, e: usize, lo: i32, hi: i32): void {
  if (Math.abs(load<f64>(d + (lo << 3))) >= Math.abs(load<f64>(d + (hi << 3)))) return;
  for (let i = lo, j = hi; i < j; i++, j--) swap(d + (i << 3), d + (j << 3));
  for (let i = lo, j = hi - 1; i < j; i++, j--) swap(e + (i << 3), e + (j << 3));
}

/** The smaller singular value of the 2 x 2 block that ends at hi (LAPACK's dlas2). */
function smallerOfBottom(d: usize, e: usize, hi: i32): f64 {
  const f = Math.abs(load<f64>(d + ((hi - 1) << 3)));
  const g = Math.abs(load<f64>(e + ((hi - 1) << 3)));
  const h = Math.abs(load<f64>(d + (hi << 3)));
  const small = min(f, h);
  const large = max(f, h);
  if (small === 0) return 0;
  const a = 1 + small / large;
  const b = (large - small) / large;
  if (g < large) {
    const u = (g / large) * (g / large);
    return small * (2 / (Math.sqrt(a * a + u) + Math.sqrt(b * b + u)));
  }
  const u = large / g;
  if (u === 0) return (small * large) / g;
  return 2 * (small * (1 / (Math.sqrt(1 + a * u * (a * u)) + Math.sqrt(1 + b * u * (b * u))))) * u;
}

/** One step of QR with a shift on B^T B, by rotations of B alone. The entry at lo must not be 0. */
function sweep(d: usize, e: usize, lo: i32, hi: i32, shift: f64): void {
  const first = load<f64>(d + (lo << 3));
  let f = (Math.abs(first) - shift) * (Math.sign(first) + shift / first);
  let g = load<f64>(e + (lo << 3));
  let at = d + (lo << 3);
  let off = e + (lo << 3);
  let di = first;
  for (let i = lo; i < hi; i++, at += 8, off += 8) {
    const r = rotation(f, g);
    if (i > lo) store<f64>(off - 8, r);
    let ei = load<f64>(off);
    let next = load<f64>(at + 8);
    f = cosine * di + sine * ei;
    ei = cosine * ei - sine * di;
    g = sine * next;
    next = cosine * next;
    store<f64>(at, rotation(f, g));
    f = cosine * ei + sine * next;
    di = cosine * next - sine * ei;
    if (i < hi - 1) {
      const en = load<f64>(off + 8);
      g = sine * en;
      store<f64>(off + 8, cosine * en);
    }
  }
  store<f64>(at, di);
  store<f64>(off - 8, f);
}

/** The same with shift 0; a zero on the diagonal makes the last off-diagonal number zero. */
function sweepUnshifted(d: usize, e: usize, lo: i32, hi: i32): void {
  let c: f64 = 1;
  let oldC: f64 = 1;
  let oldS: f64 = 0;
  for (let i = lo; i < hi; i++) {
    const at = d + (i << 3);
    const off = e + (i << 3);
    const r = rotation(load<f64>(at) * c, load<f64>(off));
    c = cosine;
    const s = sine;
    if (i > lo) store<f64>(off - 8, oldS * r);
    store<f64>(at, rotation(oldC * r, load<f64>(at + 8) * s));
    oldC = cosine;
    oldS = sine;
  }
  const last = load<f64>(d + (hi << 3)) * c;
  store<f64>(d + (hi << 3), last * oldC);
  store<f64>(e + ((hi - 1) << 3), last * oldS);
}
