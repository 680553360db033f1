// The rows of `pnpm bench jit`: forward passes and training steps that also run uncompiled.
import * as tf from "@tensorflow/tfjs";
import {
  discriminate,
  discriminatorSpecs,
  generate,
  generatorSpecs,
  unet,
  unetSpecs,
} from "@touchstone/models";
import { adam, binaryCrossEntropyWithLogits, valueAndGradients } from "@touchstone/nn";
import { INCEPTION_SIDE, inception, inceptionSpecs } from "../models/inception.ts";
import { seededParams, weightFlops } from "../models/params.ts";
import { DISCRIMINATOR, FORWARD_AND_BACKWARD, GENERATOR, UNET } from "./flops.ts";
import { digits, images, network, normal, weights } from "./inputs.ts";
import { type EagerRow, forward, training, workloadRow } from "./row.ts";
import { UNET_STEP } from "./unet-step.ts";

const LATENT = 100;
const ADAM = adam({ beta1: 0.5 });

/** One Adam step on images [b, 64, 64, 3], half of them real: labels 1 and 0, [b]. */
function discriminatorStep(
  state: ReturnType<typeof network>,
  batch: { images: tf.Tensor4D; labels: tf.Tensor1D },
): { state: ReturnType<typeof network>; loss: tf.Scalar } {
  const { loss, buffers, gradients } = valueAndGradients((trained) => {
    const { logits, buffers } = discriminate({ ...trained, ...state.buffers }, batch.images, {
      training: true,
    });
    return { loss: binaryCrossEntropyWithLogits(logits, batch.labels), buffers };
  }, state.trained);
  const { params, state: moments } = ADAM.update(state.trained, gradients, state.moments, tf.scalar(2e-4));
  return { state: { trained: params, buffers, moments }, loss };
}

export const JIT_ROWS: EagerRow[] = [
  workloadRow({
    id: "inception",
    title: "Inception-v3 forward, batch 32",
    batch: 32,
    flops: weightFlops(inceptionSpecs()),
    target: 1.7,
    workload() {
      const params = seededParams(inceptionSpecs());
      return forward((x: tf.Tensor4D) => inception(params, x), images(32, INCEPTION_SIDE));
    },
  }),
  workloadRow({
    id: "unet",
    title: "P2 UNet forward, batch 50",
    batch: 50,
    flops: UNET,
    target: 1.3,
    workload() {
      const params = weights(unetSpecs());
      const times = tf.tensor1d(Float32Array.from({ length: 50 }, (_, i) => (i * 997) % 1000));
      return forward(
        (x: tf.Tensor4D, times: tf.Tensor1D, labels: tf.Tensor1D) => unet(params, x, times, labels),
        images(50, 28),
        times,
        digits(50),
      );
    },
  }),
  workloadRow({
    id: "generator",
    title: "DCGAN generator, batch 100",
    batch: 100,
    flops: GENERATOR,
    target: 1.0,
    workload() {
      const params = weights(generatorSpecs());
      return forward((z: tf.Tensor2D) => generate(params, z).images, normal<tf.Rank.R2>(100, LATENT));
    },
  }),
  workloadRow({
    id: "discriminator-step",
    title: "DCGAN discriminator training step, batch 64",
    batch: 64,
    flops: FORWARD_AND_BACKWARD * DISCRIMINATOR,
    target: 0.8,
    workload() {
      const labels = tf.tensor1d(Float32Array.from({ length: 64 }, (_, i) => i % 2));
      return training(discriminatorStep, network(discriminatorSpecs(), ADAM), {
        images: images(64, 64),
        labels,
      });
    },
  }),
  UNET_STEP,
];
