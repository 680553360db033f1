/**
 * The sum of the singular values of C = F1 F2^T in float32, on any device: products of matrices and nothing else.
 *
 * With C = U H its polar decomposition, the sum is tr(U^T C). U comes from the Newton-Schulz iteration X <- X (3 - X^T X) / 2
 * (Higham 2008, "Functions of Matrices", section 8.3), which brings every singular value to 1, those nearest to 0 last. A singular
 * value s that has not come far is lost from the sum, but it is lost s at most: unlike a square root of S1 S2 in float32, whose
 * eigenvalues that should be 0 are rounding errors of some 1e-7 and their roots 3e-4 each, or negative, singular matrices are no
 * special case here.
 */

import * as tf from "@tensorflow/tfjs";
import type { Work } from "@touchstone/cli";
import { type Device, jit } from "@touchstone/jit";
import type { Float32Factor } from "../linear-algebra/index.ts";
import { compensatedSum } from "../statistics/sum.ts";

export interface DeviceOptions {
  device?: Device | "auto";
  /** Threads of the CPU. */
  threads?: number;
}

export interface NuclearNorm {
  value: number;
  /** Where it was computed. */
  device: Device;
}

/** Singular values down to this part of |C|_F get their full weight: below, float32 has no digits of them anyway. */
const SMALLEST = 2 ** -27;
/** Singular values of X within this of 1 count as 1. */
const CONVERGED = 2 ** -24;
/**
 * Steps are scaled as if no singular value were below this. Without it, the steps that are best for tiny ones bring the largest back to
 * near 0, rounding errors and all; as it is, none of them falls below a fifth, and the iteration is stable (Nakatsukasa and
 * Higham 2012, "Backward stability of iterations for computing the polar decomposition").
 */
const CUSHION = 0.1;
/** |C|_F is divided by; larger than 0 for a C of zeros only. */
const TINY = 1e-30;

/** @param a, b F1 and F2, of as many columns  @throws DeviceUnavailableError, RuntimeFailure */
export async function* nuclearNorm(
  a: Float32Factor,
  b: Float32Factor,
  options: DeviceOptions,
): Work<NuclearNorm> {
  const [less, more] = a.rows <= b.rows ? [a, b] : [b, a];
  const [begin, step, weigh] = [jit(beginning, options), jit(newtonSchulz, options), jit(weighed, options)];
  const held: tf.Tensor[] = [];
  const hold = <T extends tf.Tensor>(tensor: T): T => {
    held.push(tensor);
    return tensor;
  };
  try {
    const { c, x: start } = await begin(less.values, more.values, less.rows, more.rows);
    hold(c);
    let x = hold(start);
    const scales = stepScales();
    for (const [i, scale] of scales.entries()) {
      const next = hold(await step(x, Float32Array.of(scale)));
      x.dispose();
      x = next;
      yield { label: "Frechet distance in float32", done: i + 1, total: scales.length, unit: "steps" };
    }
    const rows = await hold(await weigh(x, c)).data();
    const sum = compensatedSum(rows.length, (i) => rows[i]!);
    return { value: sum * 2 ** a.exponent * 2 ** b.exponent, device: weigh.device! };
  } finally {
    tf.dispose(held);
    await Promise.all([begin.dispose(), step.dispose(), weigh.dispose()]);
  }
}

/** C, and C / |C|_F, whose singular values are at most 1. */
function beginning(f1: tf.Tensor1D, f2: tf.Tensor1D, rows1: number, rows2: number) {
  const c: tf.Tensor2D = tf.matMul(tf.reshape(f1, [rows1, -1]), tf.reshape(f2, [rows2, -1]), false, true); // [rows1, rows2]
  const scaled = tf.div(c, tf.maximum(tf.max(tf.abs(c)), TINY)); // no square of it overflows, nor do all vanish
  const x: tf.Tensor2D = tf.div(scaled, tf.maximum(tf.sqrt(tf.sum(tf.square(scaled))), TINY)); // [rows1, rows2]
  return { c, x };
}

/** Y (3 - Y^T Y) / 2 with Y = scale X, as (3 - Y Y^T) Y / 2, which is less work where X is wide. */
function newtonSchulz(x: tf.Tensor2D, scale: tf.Tensor1D): tf.Tensor2D {
  const y: tf.Tensor2D = tf.mul(x, scale); // [p, q]
  const gram = tf.matMul(y, y, false, true); // [p, p]
  return tf.sub(tf.mul(y, 1.5), tf.mul(tf.matMul(gram, y), 0.5)); // [p, q]
}

/** tr(X^T C), the sum over each row alone: what few numbers remain are added in float64. */
function weighed(x: tf.Tensor2D, c: tf.Tensor2D): tf.Tensor1D {
  return tf.sum(tf.mul(x, c), 1); // [p]
}

/**
 * The scale of each step, until singular values from SMALLEST on are 1. Of all steps, y (3 - y^2) / 2 with y = a x and
 * a = sqrt(3 / (1 + l + l^2)) brings those in [l, 1] closest together (Chen and Chow 2014, "A stable scaling of Newton-Schulz for
 * improving the sign function computation of a Hermitian matrix").
 */
function stepScales(): number[] {
  const scales: number[] = [];
  for (let lowest = SMALLEST; lowest < 1 - CONVERGED; ) {
    const l = Math.max(lowest, CUSHION);
    const scale = Math.sqrt(3 / (1 + l + l * l));
    const moved = (x: number) => (scale * x * (3 - (scale * x) ** 2)) / 2;
    scales.push(scale);
    lowest = Math.min(moved(lowest), moved(1));
  }
  return scales;
}
