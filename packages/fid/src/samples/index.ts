/** Samples (features, logits) as the metrics take them, and how they are collected. */

export {
  type Collection,
  collected,
  emptyCollection,
  mergeCollections,
  updateCollection,
} from "./collect.ts";
export { MetricOptionError, NumberRangeError, SampleShapeError, TooFewSamplesError } from "./errors.ts";
export { type Samples, selectSamples } from "./samples.ts";
