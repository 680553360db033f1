/** Sets of images, and their features. */

export {
  type CheckedImages,
  type CheckOptions,
  checkImages,
} from "./check-images.ts";
export { CorruptImagesError, MixedSizesError, SetTooSmallError } from "./errors.ts";
export { type FeatureFile, readFeatureFile, writeFeatureFile } from "./feature-file.ts";
export { type ExtractOptions, extractFeatures, type FeatureSet, storedSet } from "./feature-set.ts";
export { type OpenedSet, openSet } from "./open-set.ts";
