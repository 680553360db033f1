/** DANN: digits read in a domain that has no labels. */

export {
  type Augmentation,
  augment,
  HANDWRITING,
  HOUSE_NUMBERS,
  NO_AUGMENTATION,
} from "./augment.ts";
export { PredictionsWriteError } from "./errors.ts";
export { reversalStrength, reverseGradient } from "./gradient-reversal.ts";
export {
  classifyDigits,
  classifyDomain,
  dannSpecs,
  digitReaderSpecs,
  extractFeatures,
  FEATURES,
} from "./model.ts";
export { loadDann, type Predictions, type PredictOptions, predict } from "./predict.ts";
export { writeFeatures, writeLabels } from "./predictions.ts";
export { type DannReader, type DigitsRead, dannReader } from "./reader.ts";
export {
  type Adaptation,
  adaptationLoss,
  type DannState,
  dannStep,
  type Labelled,
  paramsOf,
  supervisedLoss,
} from "./step.ts";
export { DANN_DEFAULTS, type DannMode, type DannOptions, dannTraining } from "./train.ts";
