// The rows of `pnpm bench models`: the training steps of every family, and the diffusion sampler.
import * as tf from "@tensorflow/tfjs";
import {
  criticSpecs,
  criticStep,
  type DannState,
  type DcganState,
  dannSpecs,
  dannStep,
  dcganStep,
  discriminatorSpecs,
  FEATURES,
  generatorSpecs,
  sampleDigits,
  unetSpecs,
} from "@touchstone/models";
import { adam, mapParams } from "@touchstone/nn";
import { CRITIC, DANN, DISCRIMINATOR, FORWARD_AND_BACKWARD, GENERATOR, UNET } from "./flops.ts";
import { digits, images, network, normal, uniform, weights } from "./inputs.ts";
import { type Row, training, workloadRow } from "./row.ts";
import { UNET_STEP } from "./unet-step.ts";

const BATCH = 64;
const LATENT = 100;

/**
 * The discriminator's step costs it two passes forwards and backwards, that of the generator one forwards and one backwards, to the images
 * alone; the generator makes the images once for both.
 */
const DCGAN_STEP = workloadRow({
  id: "dcgan-step",
  title: "DCGAN step, both networks, batch 64",
  batch: BATCH,
  flops: (2 * FORWARD_AND_BACKWARD + 2) * DISCRIMINATOR + FORWARD_AND_BACKWARD * GENERATOR,
  workload() {
    const recipe = { optimizer: adam({ beta1: 0.5 }), learningRate: 2e-4, labelSmoothing: 0 };
    const generator = network(generatorSpecs(), recipe.optimizer);
    const discriminator = network(discriminatorSpecs(), recipe.optimizer);
    const average = mapParams({ ...generator.trained, ...generator.buffers }, (p) => tf.clone(p));
    return training(
      (state: DcganState, real: tf.Tensor4D, z: tf.Tensor2D) => {
        const next = dcganStep(state, [{ real, z }], tf.scalar(0.999), recipe);
        return { state: next.state, loss: next.metrics.discriminatorLoss };
      },
      { generator, discriminator, average },
      images(BATCH, 64),
      normal<tf.Rank.R2>(BATCH, LATENT),
    );
  },
});

/** Real and generated images forwards and backwards; those between them forwards, backwards to the slope, and backwards from its length. */
const CRITIC_STEP = workloadRow({
  id: "critic-step",
  title: "WGAN-GP critic step with penalty, batch 64",
  batch: BATCH,
  flops: (2 * FORWARD_AND_BACKWARD + 4) * CRITIC,
  workload() {
    const recipe = { optimizer: adam({ beta1: 0, beta2: 0.9 }), learningRate: 1e-4, penaltyWeight: 10 };
    return training(
      (state: ReturnType<typeof network>, real: tf.Tensor4D, fake: tf.Tensor4D, mix: tf.Tensor1D) => {
        const { critic, loss } = criticStep(state, real, fake, mix, recipe);
        return { state: critic, loss };
      },
      network(criticSpecs(), recipe.optimizer),
      images(BATCH, 64),
      tf.tanh(normal<tf.Rank.R4>(BATCH, 64, 64, 3)),
      uniform<tf.Rank.R1>(BATCH),
    );
  },
});

const DANN_STEP = workloadRow({
  id: "dann-step",
  title: "DANN step, 64 images of each domain",
  batch: 2 * BATCH,
  flops: FORWARD_AND_BACKWARD * (DANN.features + DANN.domain + DANN.digit / 2),
  workload() {
    const optimizer = adam();
    const { trained, buffers, moments } = network(dannSpecs, optimizer);
    const sourceBuffers = mapParams(buffers, (value) => tf.clone(value));
    return training(
      (
        state: DannState,
        batch: { x: tf.Tensor4D; labels: tf.Tensor1D; noise: tf.Tensor2D },
        target: tf.Tensor4D,
      ) => {
        const next = dannStep(state, batch, { target, lambda: tf.scalar(1) }, tf.scalar(1e-3), optimizer);
        return { state: next.state, loss: next.metrics.loss! };
      },
      { trained, buffers, sourceBuffers, moments },
      {
        x: images(BATCH, 28),
        labels: digits(BATCH),
        noise: uniform<tf.Rank.R2>(BATCH, FEATURES),
      },
      tf.neg(images(BATCH, 28)),
    );
  },
});

const STEPS = 20;
const SAMPLED = 20;

/** An iteration is one step of a batch. */
const SAMPLE: Row = {
  id: "diffusion-sample",
  title: "diffusion sampling, DPM-Solver++ 20 steps, batch 20",
  batch: SAMPLED,
  iterations: STEPS,
  flops: STEPS * UNET,
  compile(options) {
    const model = { params: weights(unetSpecs()), levels: 1000, betas: "linear" as const };
    const wish = { perDigit: 1000, batchSize: SAMPLED, steps: STEPS };
    const sampling = sampleDigits(model, { ...wish, sampler: "dpm-solver", engine: options });
    return {
      async iterate() {
        const start = performance.now();
        const step = await sampling.next();
        if (step.done) throw new Error("expected fewer iterations, found all images made");
        return performance.now() - start;
      },
      close: async () => {
        await sampling.return();
        tf.dispose(model.params);
      },
    };
  },
};

export const MODEL_ROWS: Row[] = [DCGAN_STEP, CRITIC_STEP, UNET_STEP, DANN_STEP, SAMPLE];
