/** A score as the resampling methods see it: a function of which samples it is computed from. */

import { ScoreNotFiniteError } from "./errors.ts";

/** The score of the samples `indices`; with the bootstrap, a sample may be among them more than once. */
export type Score = (indices: Int32Array) => number | Promise<number>;

/** @throws ScoreNotFiniteError */
export async function finiteScore(score: number | Promise<number>, which: string): Promise<number> {
  const value = await score;
  if (!Number.isFinite(value)) throw new ScoreNotFiniteError(which, value);
  return value;
}

export function everyIndex(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}
