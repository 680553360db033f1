/** The FID Inception network: its weights, and the extractor that it makes. */

export {
  InvalidGraphError,
  PartialWeightsError,
  UnknownWeightsError,
  UnreadableWeightsError,
  WeightsNotFoundError,
} from "./errors.ts";
export { type FindWeightsOptions, findWeights, type WeightsFile } from "./find-weights.ts";
export { INCEPTION_DIMS, type InceptionDims, inception, inceptionSpecs, type Tap } from "./network.ts";
export { type InceptionOptions, openInception } from "./open-inception.ts";
export { STATE_DICT_NAME } from "./original-weights.ts";
