/** Reads digits, and scores images of them: the homework's classifier, and a stronger one of our own. */

export {
  type Classifier,
  DEFAULT_CHECKPOINT,
  openClassifier,
  type ReadDigits,
} from "./classifier.ts";
export { classifyCommand } from "./commands/classify.ts";
export { trainDigitClassifierCommand } from "./commands/train.ts";
export { UnknownNetworkError } from "./errors.ts";
export { type FolderOptions, type FolderReport, scoreFolder } from "./folder.ts";
export { homework, NETWORKS, type Network, networkOf, touchstone } from "./networks/index.ts";
export { checkNumbering, type Numbering } from "./score/numbering.ts";
export { type Accuracy, DIGITS, type DigitScore, type Reading, scoreReadings } from "./score/score.ts";
export { type Interval, wilsonInterval } from "./score/wilson.ts";
