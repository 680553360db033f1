/**
 * Linear maps of images that act on height and width separately, y = A x B^T for each channel: interpolation, averaging,
 * and (with A and B transposed) their gradients. On NCHW planes two matrix products with constants are at least as fast
 * as ONNX Runtime's Resize on the CPU (3.5 against 6.0 ms for [32, 14, 14, 128] to 28x28), and use tfjs's own weights.
 */

import type { GraphBuilder } from "../graph/builder.ts";
import type { Value } from "../graph/types.ts";
import { NCHW_TO_NHWC, NHWC_TO_NCHW } from "./conv/spec.ts";

/** [rows, columns] */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly elements: Float32Array;
}

export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, elements: new Float32Array(rows * columns) };
}

export function transposed({ rows, columns, elements }: Matrix): Matrix {
  const flipped = zeros(columns, rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) flipped.elements[j * rows + i] = elements[i * columns + j]!;
  return flipped;
}

/** @param x [n, vertical.columns, horizontal.columns, c]  @returns [n, vertical.rows, horizontal.rows, c] */
export function applySeparable(g: GraphBuilder, x: Value, vertical: Matrix, horizontal: Matrix): Value {
  const planes = g.transpose(x, NHWC_TO_NCHW);
  // The width first: there all planes are one matrix.
  const wide = isIdentity(horizontal) ? planes : g.matMul(planes, constant(g, transposed(horizontal)));
  const high = isIdentity(vertical) ? wide : g.matMul(constant(g, vertical), wide);
  return g.transpose(high, NCHW_TO_NHWC);
}

function isIdentity({ rows, columns, elements }: Matrix): boolean {
  return rows === columns && elements.every((x, i) => x === (i % (rows + 1) === 0 ? 1 : 0));
}

function constant(g: GraphBuilder, { rows, columns, elements }: Matrix): Value {
  return g.constant(elements, "float32", [rows, columns]);
}
