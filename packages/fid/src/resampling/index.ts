/** Intervals and limits of any score: bootstrap, jackknife, extrapolation to infinitely many samples. */

export { type BootstrapInterval, type BootstrapOptions, bootstrap } from "./bootstrap.ts";
export { ScoreNotFiniteError } from "./errors.ts";
export { type InfinityOptions, type ScoreAtInfinity, type ScoreOfSize, scoreAtInfinity } from "./infinity.ts";
export { type JackknifeInterval, type JackknifeOptions, jackknife } from "./jackknife.ts";
export type { Score } from "./score.ts";
