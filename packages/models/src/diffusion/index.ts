/** Class-conditional diffusion of digits. */

export * from "./errors.ts";
export {
  type DiffusionModel,
  type DiffusionRecipe,
  diffusionMetadata,
  type LoadDiffusionOptions,
  loadDiffusion,
} from "./model.ts";
export { PREDICTIONS, type Prediction } from "./prediction.ts";
export { digitNames, type SampleDigitsOptions, sampleDigits } from "./sample.ts";
export { SAMPLER_NAMES, type SamplerName } from "./samplers/index.ts";
export { GUIDANCE, type SamplingOptions, samplingGuidance, samplingSteps } from "./sampling.ts";
export { alphaBarOf, BETAS_NAMES, type Betas, levelsPassed, type ScheduleOptions } from "./schedule.ts";
export type { DiffusionBatch, DiffusionState, Rates } from "./step.ts";
export { diffusionLoss, diffusionStep } from "./step.ts";
export { reverseProcess, reverseSteps, type StripOptions } from "./strip.ts";
export { type DiffusionOptions, diffusionTraining } from "./train.ts";
export { unet } from "./unet.ts";
export { type UnetOptions, unetSpecs } from "./unet-specs.ts";
