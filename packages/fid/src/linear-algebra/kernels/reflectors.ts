/**
 * Householder reflectors H = I - tau v v^T (v[0] = 1) of rows, and blocks of them in compact WY form,
 * H_1 H_2 ... H_r = I - V^T T V with T upper triangular (Schreiber and Van Loan, 1989; LAPACK's larft).
 */

import { FULL, gemmAlone } from "./gemm.ts";
import { axpy, dot, scale } from "./vector.ts";

/**
 * The reflector that maps the row x onto (beta, 0, ... 0): writes v to `v`, beta to x[0], returns tau.
 * Entries are expected to be of moderate size: their squares must not overflow.
 */
export function reflector(x: usize, v: usize, n: usize): f64 {
  store<f64>(v, 1);
  const alpha = load<f64>(x);
  const rest = n > 1 ? dot(x + 8, x + 8, n - 1) : 0;
  if (rest === 0) {
    memory.fill(v + 8, 0, (n - 1) * 8);
    return 0;
  }
  const beta = -Math.sign(alpha === 0 ? 1 : alpha) * Math.sqrt(alpha * alpha + rest);
  memory.copy(v + 8, x + 8, (n - 1) * 8);
  scale(1 / (alpha - beta), v + 8, n - 1);
  store<f64>(x, beta);
  return (beta - alpha) / beta;
}

/**
 * Makes the `rows` x `length` matrix X lower triangular by reflectors from the right. Only the triangle on and below the
 * diagonal is left meaningful in X; the reflectors go to V and Y = T V, both `min(rows, length)` x `length`, so that from
 * the right they act as A - (A V^T) Y, and transposed, from the left, as A - Y^T (V A).
 *
 * @param small room for 2 rows^2 + rows numbers
 */
export function makeLower(
  x: usize,
  xRow: usize,
  rows: usize,
  length: usize,
  v: usize,
  y: usize,
  vRow: usize,
  small: usize,
): void {
  const count = min(rows, length);
  const taus = small;
  const gram = taus + count * 8;
  const t = gram + count * count * 8;
  for (let j: usize = 0; j < count; j++) {
    const vj = v + j * vRow;
    const xj = x + j * xRow + j * 8;
    memory.fill(vj, 0, j * 8);
    const tau = reflector(xj, vj + j * 8, length - j);
    store<f64>(taus + j * 8, tau);
    if (tau === 0) continue;
    for (let i = j + 1; i < rows; i++) {
      const xi = x + i * xRow + j * 8;
      axpy(-tau * dot(xi, vj + j * 8, length - j), vj + j * 8, xi, length - j);
    }
  }
  memory.fill(gram, 0, 2 * count * count * 8);
  gemmAlone(FULL, count, count, length, 1, v, vRow, 8, v, 8, vRow, gram, count * 8);
  triangle(taus, gram, t, count);
  for (let j: usize = 0; j < count; j++) memory.fill(y + j * vRow, 0, length * 8);
  gemmAlone(FULL, count, length, count, 1, t, count * 8, 8, v, vRow, 8, y, vRow);
}

/** T from the taus and the Gram matrix V V^T: T[j][j] = tau_j, T[:j][j] = -tau_j T[:j][:j] (V[:j] v_j). */
function triangle(taus: usize, gram: usize, t: usize, n: usize): void {
  for (let j: usize = 0; j < n; j++) {
    const tau = load<f64>(taus + j * 8);
    for (let i: usize = 0; i < j; i++) {
      let sum: f64 = 0;
      for (let l = i; l < j; l++) sum += load<f64>(t + (i * n + l) * 8) * load<f64>(gram + (l * n + j) * 8);
      store<f64>(t + (i * n + j) * 8, -tau * sum);
    }
    store<f64>(t + (j * n + j) * 8, tau);
  }
}
