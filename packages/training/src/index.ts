export { type TrainingCommandOptions, type TrainingFlags, trainingCommand } from "./command.ts";
export { DivergedError, OutputFolderError, SettingsError, TrainingError } from "./errors.ts";
export type { LogLine } from "./log.ts";
export { LOG_FILE, STATE_FILE, type TrainOptions, type TrainResult, train } from "./train.ts";
export type { TensorTree, Training } from "./training.ts";
