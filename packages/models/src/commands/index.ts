export { predictCommand } from "./predict.ts";
export { sampleCommand } from "./sample.ts";
export { trainDannCommand, trainDcganCommand, trainDiffusionCommand, trainWganGpCommand } from "./train.ts";
