/** One step of training a DCGAN as pure functions: the discriminator's on binary cross-entropy, and the generator's against it. */

import * as tf from "@tensorflow/tfjs";
import { binaryCrossEntropyWithLogits, movingAverage, type Params } from "@touchstone/nn";
import { discriminate, generate } from "./model.ts";
import { descend, type Network, type Optimization, paramsOf, withBuffers } from "./network.ts";

export type DcganState = {
  generator: Network;
  discriminator: Network;
  /** Of the generator's parameters and running statistics: what to sample with. */
  average: Params;
};

export interface DcganBatch {
  /** In [-1, 1]. */
  real: tf.Tensor4D; // [b, 64, 64, 3]
  /** Standard normal. */
  z: tf.Tensor2D; // [b, latent]
}

export interface DcganRecipe extends Optimization {
  labelSmoothing: number;
}

/** The losses, and how real (0 to 1) the discriminator took real and generated images for before its last step. */
export interface DcganMetrics {
  discriminatorLoss: tf.Scalar;
  generatorLoss: tf.Scalar;
  realScore: tf.Scalar;
  fakeScore: tf.Scalar;
}

/** A step of the discriminator. Real and generated images are normalised apart from each other, each by their own statistics. */
export function discriminatorStep(
  discriminator: Network,
  real: tf.Tensor4D,
  fake: tf.Tensor4D,
  recipe: DcganRecipe,
): { discriminator: Network; loss: tf.Scalar; realScore: tf.Scalar; fakeScore: tf.Scalar } {
  const { network, result } = descend(discriminator, recipe, (params) => {
    const onReal = discriminate(params, real, { training: true });
    const onFake = discriminate({ ...params, ...onReal.buffers }, fake, { training: true });
    const likeness = tf.mul(tf.onesLike(onReal.logits), 1 - recipe.labelSmoothing); // [b]
    const realLoss = binaryCrossEntropyWithLogits(onReal.logits, likeness);
    const fakeLoss = binaryCrossEntropyWithLogits(onFake.logits, tf.zerosLike(onFake.logits));
    return {
      loss: tf.add<tf.Scalar>(realLoss, fakeLoss),
      buffers: onFake.buffers,
      realScore: tf.mean<tf.Scalar>(tf.sigmoid(onReal.logits)),
      fakeScore: tf.mean<tf.Scalar>(tf.sigmoid(onFake.logits)),
    };
  });
  const { buffers, ...metrics } = result;
  return { discriminator: withBuffers(network, buffers), ...metrics };
}

/**
 * A step of the generator on -log D(G(z)), the loss that does not vanish while the discriminator wins (Goodfellow et al. 2014, section 3).
 * The discriminator sees images too, so that its running statistics move.
 */
export function generatorStep(
  generator: Network,
  discriminator: Network,
  z: tf.Tensor2D,
  recipe: Optimization,
): { generator: Network; discriminator: Network; loss: tf.Scalar } {
  const { network, result } = descend(generator, recipe, (params) => {
    const { images, buffers } = generate(params, z, { training: true });
    const seen = discriminate(paramsOf(discriminator), images, { training: true });
    const loss = binaryCrossEntropyWithLogits(seen.logits, tf.onesLike(seen.logits));
    return { loss, buffers, seenBuffers: seen.buffers };
  });
  return {
    generator: withBuffers(network, result.buffers),
    discriminator: withBuffers(discriminator, result.seenBuffers),
    loss: result.loss,
  };
}

/**
 * A step of the discriminator for each batch, and one of the generator with the last batch's noise. Pure: compiled as a whole, it
 * computes the last images once for both networks.
 *
 * @param averageDecay a scalar or [1]
 */
export function dcganStep(
  state: DcganState,
  batches: readonly DcganBatch[],
  averageDecay: tf.Tensor,
  recipe: DcganRecipe,
): { state: DcganState; metrics: DcganMetrics } {
  let { generator, discriminator } = state;
  const last = batches.at(-1)!;
  let judged!: ReturnType<typeof discriminatorStep>;
  for (const batch of batches) {
    const { images, buffers } = generate(paramsOf(generator), batch.z, { training: true });
    // The statistics of the last images are counted by the generator's own step.
    if (batch !== last) generator = withBuffers(generator, buffers);
    judged = discriminatorStep(discriminator, batch.real, images, recipe);
    discriminator = judged.discriminator;
  }
  const step = generatorStep(generator, discriminator, last.z, recipe);
  const { loss: discriminatorLoss, realScore, fakeScore } = judged;
  return {
    state: {
      generator: step.generator,
      discriminator: step.discriminator,
      average: movingAverage(state.average, paramsOf(step.generator), averageDecay),
    },
    metrics: { discriminatorLoss, generatorLoss: step.loss, realScore, fakeScore },
  };
}
