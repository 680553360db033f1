/** Features, statistics and distances of image sets: FID, KID, Inception Score, precision and recall. */

export { fidCommand } from "./commands/fid.ts";
export { type Result, type RunOptions, runComparison } from "./commands/run.ts";
export * from "./compare/index.ts";
export { FidError } from "./errors.ts";
export * from "./extractors/index.ts";
export * from "./frechet/index.ts";
export * from "./inception/index.ts";
export * from "./inception-score/index.ts";
export * from "./kid/index.ts";
export * from "./manifold/index.ts";
export * from "./memorisation/index.ts";
export * from "./resampling/index.ts";
export * from "./resize/index.ts";
export * from "./samples/index.ts";
export * from "./sets/index.ts";
export * from "./statistics/index.ts";
export * from "./stats-file/index.ts";
