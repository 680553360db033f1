/** How far a computed Frechet distance can be from the exact one. */

/** Unit roundoff of float64. */
const U = 2 ** -53;

/**
 * Roundings are taken as independent with mean zero, so that a sum of n of them grows as sqrt(n) u instead of n u (Higham and
 * Mary 2019, "A new approach to probabilistic rounding error analysis"); their lambda, which makes the bound fail with a
 * probability below 1e-10, stands for the constants of the algorithms as well.
 */
const LAMBDA = 10;

export interface Computation {
  dims: number;
  meanTerm: number;
  /** tr(S1), tr(S2) */
  variances: readonly [number, number];
  /** Rows of the factors F. */
  ranks: readonly [number, number];
  /** Whether F comes from a Cholesky factorization of S. */
  factored: readonly [boolean, boolean];
  /** Frobenius norm of S - F^T F that was left out on purpose. */
  leftOut: readonly [number, number];
  /** What the iteration for singular values left over. */
  dropped: number;
}

/**
 * Notation: C = F1 F2^T with p <= q its sides, t = sqrt(tr S1 tr S2) = |F1|_F |F2|_F >= |C|_F, |.|_* the sum of singular values.
 *
 * 1. C is computed with an error of at most lambda sqrt(d) u |F1| |F2|^T elementwise, lambda sqrt(d) u t in the Frobenius norm;
 *    its reduction to bidiagonal form by p + p reflectors of up to q numbers, and the iteration on that, are the exact ones of a
 *    matrix that differs by lambda sqrt(p q) u t (Higham 2002, lemma 19.3 and section 2.8 on probabilistic constants). Since
 *    | |C + E|_* - |C|_* | <= |E|_* <= sqrt(p) |E|_F (Mirsky 1960), the trace of the root is off by sqrt(p) times their sum.
 * 2. Where F comes from a Cholesky factorization, F^T F = S + E with |E_ij| <= lambda sqrt(d) u sqrt(S_ii S_jj) (Demmel 1989), so
 *    |E|_* <= sqrt(d) |E|_F <= sqrt(d) (lambda sqrt(d) u tr S + left out). The trace of the root moves by at most
 *    tr((B^(1/2) |E| B^(1/2))^(1/2)) <= sqrt(|E|_* tr B) (Rotfel'd 1969 and Cauchy-Schwarz). This worst case, an error all in
 *    the directions in which S has no variance, is by far the largest term; features in the place of S avoid it.
 * 3. Means, traces and their sum are compensated sums of exact terms: a few u of their sizes.
 */
export function errorBound(c: Computation): number {
  const [v1, v2] = c.variances;
  const t = Math.sqrt(v1) * Math.sqrt(v2);
  const [p, q] = [Math.min(...c.ranks), Math.max(...c.ranks)];
  const singularValues = Math.sqrt(p) * LAMBDA * U * (Math.sqrt(c.dims) + Math.sqrt(p * q)) * t + c.dropped;
  const factoring = c.variances.reduce((sum, variance, i) => {
    if (!c.factored[i]) return sum;
    const missing = Math.sqrt(c.dims) * (LAMBDA * Math.sqrt(c.dims) * U * variance + c.leftOut[i]!);
    return sum + Math.sqrt(missing) * Math.sqrt(c.variances[1 - i]!);
  }, 0);
  const sums = 8 * U * (c.meanTerm + v1 + v2 + 2 * t);
  return 2 * (singularValues + factoring) + sums;
}
