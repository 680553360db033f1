/** WGAN-GP: DCGAN's generator against a critic. */

export { criticize, criticSpecs, gradientPenalty } from "./model.ts";
export { sampleWganGp } from "./sample.ts";
export {
  type CriticBatch,
  criticStep,
  type WganGpMetrics,
  type WganGpRecipe,
  type WganGpState,
  wganGpStep,
} from "./step.ts";
export { WGAN_GP_DEFAULTS, type WganGpOptions, wganGpSpecs, wganGpTraining } from "./train.ts";
