/**
 * The two loops over all pairs of points, in f32x4. Addresses are in bytes, and divisible by 16.
 *
 * Rows are filled up: those of `points` with zeros to a multiple of eight numbers, those of `p` with zeros to a multiple of
 * four, and so are `x` and `y`, with numbers so large that their squares overflow, which makes w zero.
 */

/** out[i][j] = |points[i] - points[j]|^2 of `count` points with rows of `rowBytes`; rows of `out` take `outRowBytes`. */
export function squaredDistances(
  count: usize,
  points: usize,
  rowBytes: usize,
  out: usize,
  outRowBytes: usize,
): void {
  for (let i: usize = 1; i < count; i++) {
    const a = points + i * rowBytes;
    for (let j: usize = 0; j < i; j++) {
      const b = points + j * rowBytes;
      let even = f32x4.splat(0);
      let odd = f32x4.splat(0);
      for (let at: usize = 0; at < rowBytes; at += 32) {
        const d0 = f32x4.sub(v128.load(a + at), v128.load(b + at));
        const d1 = f32x4.sub(v128.load(a + at, 16), v128.load(b + at, 16));
        even = f32x4.add(even, f32x4.mul(d0, d0));
        odd = f32x4.add(odd, f32x4.mul(d1, d1));
      }
      const distance = total(f32x4.add(even, odd));
      store<f32>(out + i * outRowBytes + j * 4, distance);
      store<f32>(out + j * outRowBytes + i * 4, distance);
    }
  }
}

/**
 * With d = (x[i], y[i]) - (x[j], y[j]) and w = 1 / (1 + |d|^2), writes for each i the sums over j of p w d and of w^2 d as
 * four numbers, and returns the sum of w over all pairs, each point with itself included.
 */
export function forces(count: usize, x: usize, y: usize, p: usize, rowBytes: usize, out: usize): f64 {
  const one = f32x4.splat(1);
  let sum: f64 = 0;
  for (let i: usize = 0; i < count; i++, p += rowBytes, out += 16) {
    const xi = v128.load32_splat(x + i * 4);
    const yi = v128.load32_splat(y + i * 4);
    let weights = f32x4.splat(0);
    let attractionX = f32x4.splat(0);
    let attractionY = f32x4.splat(0);
    let repulsionX = f32x4.splat(0);
    let repulsionY = f32x4.splat(0);
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const dx = f32x4.sub(xi, v128.load(x + at));
      const dy = f32x4.sub(yi, v128.load(y + at));
      const w = f32x4.div(one, f32x4.add(one, f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy))));
      const pw = f32x4.mul(w, v128.load(p + at));
      const ww = f32x4.mul(w, w);
      weights = f32x4.add(weights, w);
      attractionX = f32x4.add(attractionX, f32x4.mul(pw, dx));
      attractionY = f32x4.add(attractionY, f32x4.mul(pw, dy));
      repulsionX = f32x4.add(repulsionX, f32x4.mul(ww, dx));
      repulsionY = f32x4.add(repulsionY, f32x4.mul(ww, dy));
    }
    store<f32>(out, total(attractionX));
    store<f32>(out, total(attractionY), 4);
    store<f32>(out, total(repulsionX), 8);
    store<f32>(out, total(repulsionY), 12);
    sum += total(weights);
  }
  return sum;
}

function total(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 1) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}
