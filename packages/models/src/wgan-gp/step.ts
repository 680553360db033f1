/** One step of training a WGAN-GP as pure functions: Algorithm 1 of Gulrajani et al. 2017. */

import * as tf from "@tensorflow/tfjs";
import { movingAverage, type Params } from "@touchstone/nn";
import { generate } from "../dcgan/model.ts";
import { descend, type Network, type Optimization, paramsOf, withBuffers } from "../dcgan/network.ts";
import { criticize, gradientPenalty } from "./model.ts";

export type WganGpState = {
  generator: Network;
  critic: Network;
  /** Of the generator's parameters and running statistics: what to sample with. */
  average: Params;
};

export interface CriticBatch {
  /** In [-1, 1]. */
  real: tf.Tensor4D; // [b, 64, 64, 3]
  /** Standard normal. */
  z: tf.Tensor2D; // [b, latent]
  /** Uniform in [0, 1): where between real and fake the slope is looked at. */
  mix: tf.Tensor1D; // [b]
}

export interface WganGpRecipe extends Optimization {
  /** The penalty's weight, lambda. */
  penaltyWeight: number;
  /** Of the critic, where it is not the generator's. */
  criticLearningRate?: number;
}

export interface WganGpMetrics {
  criticLoss: tf.Scalar;
  generatorLoss: tf.Scalar;
  /** By how much real images score higher than generated ones: the critic's estimate of their Wasserstein distance. */
  distance: tf.Scalar;
  /** Without its weight. */
  penalty: tf.Scalar;
}

/** A step of the critic on score(fake) - score(real) + lambda penalty. */
export function criticStep(
  critic: Network,
  real: tf.Tensor4D,
  fake: tf.Tensor4D,
  mix: tf.Tensor1D,
  recipe: WganGpRecipe,
): { critic: Network; loss: tf.Scalar; distance: tf.Scalar; penalty: tf.Scalar } {
  const { network, result } = descend(critic, recipe, (params) => {
    const score = (x: tf.Tensor4D) => criticize(params, x);
    const distance = tf.sub<tf.Scalar>(tf.mean(score(real)), tf.mean(score(fake)));
    const penalty = gradientPenalty(score, real, fake, mix);
    const loss = tf.sub<tf.Scalar>(tf.mul(penalty, recipe.penaltyWeight), distance);
    return { loss, distance, penalty };
  });
  return { critic: network, ...result };
}

/** A step of the generator on -score(G(z)). */
export function generatorStep(
  generator: Network,
  critic: Network,
  z: tf.Tensor2D,
  recipe: Optimization,
): { generator: Network; loss: tf.Scalar } {
  const { network, result } = descend(generator, recipe, (params) => {
    const { images, buffers } = generate(params, z, { training: true });
    return { loss: tf.neg<tf.Scalar>(tf.mean(criticize(paramsOf(critic), images))), buffers };
  });
  return { generator: withBuffers(network, result.buffers), loss: result.loss };
}

/**
 * A step of the critic for each batch, then one of the generator on `z` [b, latent].
 *
 * @param averageDecay a scalar or [1]
 * @returns of the metrics, the critic's are those of its last step
 */
export function wganGpStep(
  state: WganGpState,
  batches: readonly CriticBatch[],
  z: tf.Tensor2D,
  averageDecay: tf.Tensor,
  recipe: WganGpRecipe,
): { state: WganGpState; metrics: WganGpMetrics } {
  let { generator, critic } = state;
  const { learningRate, criticLearningRate = learningRate } = recipe;
  let judged!: ReturnType<typeof criticStep>;
  for (const batch of batches) {
    const { images, buffers } = generate(paramsOf(generator), batch.z, { training: true });
    generator = withBuffers(generator, buffers);
    judged = criticStep(critic, batch.real, images, batch.mix, {
      ...recipe,
      learningRate: criticLearningRate,
    });
    critic = judged.critic;
  }
  const step = generatorStep(generator, critic, z, recipe);
  const average = movingAverage(state.average, paramsOf(step.generator), averageDecay);
  const { loss: criticLoss, distance, penalty } = judged;
  return {
    state: { generator: step.generator, critic, average },
    metrics: { criticLoss, generatorLoss: step.loss, distance, penalty },
  };
}
