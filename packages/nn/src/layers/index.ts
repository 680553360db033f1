/** Layers, activations and losses. */

export { logSoftmax, silu } from "./activations.ts";
export { type BatchNormOptions, batchNorm, batchNormSpecs } from "./batch-norm.ts";
export { type ConvTranspose2dOptions, convTranspose2d, convTranspose2dSpecs } from "./conv-transpose2d.ts";
export { type Conv2dOptions, conv2d, conv2dSpecs } from "./conv2d.ts";
export { dropout } from "./dropout.ts";
export { embedding, embeddingSpecs } from "./embedding.ts";
export { flatten } from "./flatten.ts";
export { groupNorm, groupNormSpecs } from "./group-norm.ts";
export { layerNorm, layerNormSpecs } from "./layer-norm.ts";
export { linear, linearSpecs } from "./linear.ts";
export {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  meanSquaredError,
  negativeLogLikelihood,
} from "./losses.ts";
export {
  type MultiHeadAttentionOptions,
  multiHeadAttention,
  multiHeadAttentionSpecs,
} from "./multi-head-attention.ts";
export type { Pair } from "./pair.ts";
export { avgPool2d, maxPool2d, type PoolOptions } from "./pool.ts";
export { upsample2x } from "./upsample.ts";
