/** The Frechet distance. */

export { DimensionMismatchError, NonFiniteStatisticsError, NotACovarianceError } from "./errors.ts";
export { type FrechetDistance, type FrechetOptions, frechetDistance } from "./frechet-distance.ts";
