// A training step of the diffusion model: of both `pnpm bench jit` and `pnpm bench models`.
import * as tf from "@tensorflow/tfjs";
import { diffusionStep, unetSpecs } from "@touchstone/models";
import { adamW, mapParams } from "@touchstone/nn";
import { FORWARD_AND_BACKWARD, UNET } from "./flops.ts";
import { digits, images, normal, weights } from "./inputs.ts";
import { training, workloadRow } from "./row.ts";

const BATCH = 32;

export const UNET_STEP = workloadRow({
  id: "unet-step",
  title: "UNet training step, batch 32",
  batch: BATCH,
  flops: FORWARD_AND_BACKWARD * UNET,
  target: 0.8,
  workload() {
    const optimizer = adamW();
    const params = weights(unetSpecs());
    const signal = Float32Array.from({ length: BATCH }, (_, i) => (i + 0.5) / BATCH);
    const batch = {
      images: images(BATCH, 28),
      noise: normal<tf.Rank.R4>(BATCH, 28, 28, 3),
      times: tf.tensor1d(signal.map((s) => Math.floor(1000 * (1 - s)))),
      signal: tf.tensor1d(signal),
      sigma: tf.tensor1d(signal.map((s) => Math.sqrt(1 - s * s))),
      labels: digits(BATCH),
    };
    const average = mapParams(params, (p) => tf.clone(p));
    return training(
      (state: Parameters<typeof diffusionStep>[0], fed: typeof batch) =>
        diffusionStep(state, fed, { learning: tf.scalar(3e-4), decay: tf.scalar(0.999) }, optimizer),
      { params, moments: optimizer.init(params), average },
      batch,
    );
  },
});
