/** Feature spaces. */

export { distanceName, INCEPTION } from "./distance-name.ts";
export {
  ExtractorOptionError,
  NonFiniteOutputError,
  UnknownExtractorError,
  UnsuitableModelError,
} from "./errors.ts";
export type { Extracted, Extractor } from "./extractor.ts";
export { INPUT_RANGES, type InputRange } from "./onnx-file.ts";
export { type ExtractorOptions, openExtractor } from "./open-extractor.ts";
