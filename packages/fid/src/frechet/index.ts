/** The Frechet distance. */

export { DimensionMismatchError, NonFiniteStatisticsError, NotACovarianceError } from "./errors.ts";
export { type Float32Distance, frechetDistanceFloat32 } from "./float32.ts";
export { type FrechetDistance, type FrechetOptions, frechetDistance } from "./frechet-distance.ts";
export type { DeviceOptions } from "./nuclear-norm.ts";
