/** tr((S1 S2)^(1/2)) of two positive semi-definite matrices, as the sum of the singular values of F1 F2^T, where S = F^T F. */

import { availableParallelism } from "node:os";
import { MAX_THREADS, ThreadCountError } from "./errors.ts";
import { allocate, type Kernels, scratchKernels } from "./kernels.ts";
import { type Side, scaleOf } from "./side.ts";
import { runTeam } from "./team.ts";

export interface TraceOfRoot {
  value: number;
  /** Rank of each side as factored; of a side that came as a factor, its rows. */
  ranks: readonly [number, number];
  /** Frobenius norm of what the pivoted Cholesky factors leave out of each matrix; 0 for a side that came as a factor. */
  leftOut: readonly [number, number];
  /** By how much the iteration for the singular values may be off because it was stopped. */
  dropped: number;
}

/** Below this many operations, some ten milliseconds, starting threads takes longer than computing. */
const WORTH_THREADS = 1e8;

/**
 * The same bits for any number of threads. The work grows as rows1 x rows2 x (dims + the smaller of the rows).
 *
 * @param threads default: as many as the machine runs at once
 * @throws MatrixTooLargeError, ThreadCountError
 */
export async function traceOfRoot(
  dims: number,
  a: Side,
  b: Side,
  threads: number = Math.min(availableParallelism(), MAX_THREADS),
): Promise<TraceOfRoot> {
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) throw new ThreadCountError(threads);
  // The kernels want a matrix, whose factor is triangular, first.
  if (a.kind === "factor" && b.kind === "matrix") {
    const { ranks, leftOut, ...rest } = await traceOfRoot(dims, b, a, threads);
    return { ...rest, ranks: [ranks[1], ranks[0]], leftOut: [leftOut[1], leftOut[0]] };
  }
  const small = work(dims, a, b) < WORTH_THREADS;
  const plan = [dims, rowsOf(a), rowsOf(b), small ? 1 : threads] as const;
  const what = `Frechet distance of ${dims} features`;
  const { kernels } = scratchKernels(0, what);
  const bytes = kernels.plan(...plan);
  const memory = small ? scratchKernels(bytes, what).memory : allocate(bytes, what);

  const exponents = [
    put(a, dims, memory.buffer, kernels.side1At(), kernels),
    put(b, dims, memory.buffer, kernels.side2At(), kernels),
  ] as const;
  const results = new Float64Array(memory.buffer, kernels.resultsAt(), 6);
  if (small) kernels.run(0);
  else await runTeam(memory, plan);

  type Six = [number, number, number, number, number, number];
  const [sum, dropped, rank1, rank2, leftOut1, leftOut2] = Array.from(results) as Six;
  const [e1, e2] = exponents;
  return {
    value: sum * 2 ** e1 * 2 ** e2,
    ranks: [rank1, rank2],
    leftOut: [leftOut1 * 4 ** e1, leftOut2 * 4 ** e2],
    dropped: dropped * 2 ** e1 * 2 ** e2,
  };
}

function work(dims: number, a: Side, b: Side): number {
  const [p, q] = [rowsOf(a) || dims, rowsOf(b) || dims].sort((x, y) => x - y) as [number, number];
  const factoring = (Number(a.kind === "matrix") + Number(b.kind === "matrix")) * (dims ** 3 / 3);
  return factoring + 2 * p * q * dims + 4 * p * p * (q - p / 3);
}

/** Rows of a factor; 0, as the kernels have it, for a matrix. */
function rowsOf(side: Side): number {
  return side.kind === "factor" ? side.rows : 0;
}

/**
 * Copies a side into the kernels' memory as F / 2^e or S / 4^e.
 *
 * @returns e
 */
function put(side: Side, dims: number, buffer: SharedArrayBuffer, at: number, kernels: Kernels): number {
  const rows = side.kind === "factor" ? side.rows : dims;
  const { exponent, scale } = scaleOf(side, dims);
  for (let i = 0; i < rows; i++) {
    const row = new Float64Array(buffer, at + i * kernels.rowBytes(dims), dims);
    for (let j = 0; j < dims; j++) row[j] = side.values[i * dims + j]! * scale;
  }
  return exponent;
}
