/** DCGAN: a generator against a discriminator. */

export {
  discriminate,
  discriminatorSpecs,
  type GeneratorOptions,
  generate,
  generatorSpecs,
  type WidthOptions,
} from "./model.ts";
export type { Network, Optimization } from "./network.ts";
export type { GanOptions } from "./options.ts";
export { faceName, type SampleOptions, sampleDcgan } from "./sample.ts";
export {
  type DcganBatch,
  type DcganMetrics,
  type DcganRecipe,
  type DcganState,
  dcganStep,
  discriminatorStep,
} from "./step.ts";
export { DCGAN_DEFAULTS, type DcganOptions, dcganSpecs, dcganTraining } from "./train.ts";
