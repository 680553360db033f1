/** Vectors of f64 in memory. The order of additions is fixed by the length alone. */

/** Unit roundoff. */
export const ROUNDING: f64 = 1.1102230246251565e-16;

/** x . y */
export function dot(x: usize, y: usize, n: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  const end = x + (n << 3);
  for (; x + 64 <= end; x += 64, y += 64) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(x), v128.load(y)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(x, 16), v128.load(y, 16)));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(x, 32), v128.load(y, 32)));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(x, 48), v128.load(y, 48)));
  }
  s0 = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (; x < end; x += 8, y += 8) sum += load<f64>(x) * load<f64>(y);
  return sum;
}

/** y += a x */
export function axpy(a: f64, x: usize, y: usize, n: usize): void {
  const aa = f64x2.splat(a);
  const end = x + (n << 3);
  for (; x + 32 <= end; x += 32, y += 32) {
    v128.store(y, f64x2.add(v128.load(y), f64x2.mul(aa, v128.load(x))));
    v128.store(y, f64x2.add(v128.load(y, 16), f64x2.mul(aa, v128.load(x, 16))), 16);
  }
  for (; x < end; x += 8, y += 8) store<f64>(y, load<f64>(y) + a * load<f64>(x));
}

/** x *= a */
export function scale(a: f64, x: usize, n: usize): void {
  for (const end = x + (n << 3); x < end; x += 8) store<f64>(x, a * load<f64>(x));
}

/** Exchanges two numbers. */
export function swap(x: usize, y: usize): void {
  const t = load<f64>(x);
  store<f64>(x, load<f64>(y));
  store<f64>(y, t);
}
