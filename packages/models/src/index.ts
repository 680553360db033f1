/** DCGAN, WGAN-GP, class-conditional diffusion and DANN: to train, to sample, to predict. */

export * from "./commands/index.ts";
export { dannSpecs } from "./dann/model.ts";
export { loadDann, type Predictions, type PredictOptions, predict } from "./dann/predict.ts";
export { type DannMode, type DannOptions, dannTraining } from "./dann/train.ts";
export * from "./dcgan/index.ts";
export * from "./diffusion/index.ts";
export * from "./images/index.ts";
export * from "./wgan-gp/index.ts";
