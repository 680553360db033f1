/** Mean and covariance of features: streamed, mergeable, in float64. */

export { covarianceOf, totalVariance } from "./covariance.ts";
export {
  FeatureRangeError,
  FeatureShapeError,
  NonFiniteFeatureError,
  TooFewImagesError,
} from "./errors.ts";
export type { Spread, Statistics } from "./statistics.ts";
export {
  computeStatistics,
  emptyStatistics,
  imagesIn,
  MAX_DIMS,
  mergeStatistics,
  type StatisticsState,
  statisticsOf,
  updateStatistics,
} from "./streaming.ts";
