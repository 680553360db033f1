/** Optimizers, learning-rate schedules, averages and clipping. */

export { type AdamOptions, type AdamState, adam, adamW } from "./adam.ts";
export { movingAverage, warmedUpDecay } from "./average.ts";
export { clipByGlobalNorm, clipByValue, globalNorm } from "./clip.ts";
export type { Optimizer } from "./optimizer.ts";
export { constantRate, cosine, multiStep, type Schedule, warmUp } from "./schedules.ts";
export { type SgdOptions, type SgdState, sgd } from "./sgd.ts";
