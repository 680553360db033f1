/** Dot products of samples in float32, by a compiled graph: the bulk of the work of every metric that compares pairs. */

import * as tf from "@tensorflow/tfjs";
import { jit } from "@touchstone/jit";

/**
 * `[n, m]`: the dot products of the rows of x, `[n, dims]`, with those of y, `[m, dims]`, both after `centre`, `[dims]`, was
 * subtracted. Every rounding is to float32, sums run in an order that nobody promises: see `productError`.
 */
export interface Products {
  (x: Float32Array, y: Float32Array, centre: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export function createProducts(): Products {
  const compiled = jit((x: tf.Tensor1D, y: tf.Tensor1D, centre: tf.Tensor1D) => {
    const dims = centre.shape[0];
    const centred = (rows: tf.Tensor1D) => tf.sub(tf.reshape(rows, [rows.shape[0] / dims, dims]), centre); // [rows, dims]
    return tf.matMul(centred(x), centred(y), false, true); // [n, m]
  });
  const products = async (x: Float32Array, y: Float32Array, centre: Float32Array): Promise<Float32Array> => {
    const result = await compiled(x, y, centre);
    const values = (await result.data()) as Float32Array;
    result.dispose();
    return values;
  };
  return Object.assign(products, { dispose: compiled.dispose });
}

/** Unit roundoff of float32. */
export const UNIT_ROUNDOFF = 2 ** -24;

/**
 * Bound of the error of a dot product over `dims` terms in float32, in any order, relative to the product of the norms:
 * n u / (1 - n u) (Higham 2002, "Accuracy and Stability of Numerical Algorithms", section 3.1).
 */
export function productError(dims: number): number {
  return (dims * UNIT_ROUNDOFF) / (1 - dims * UNIT_ROUNDOFF);
}
