// The rows of `pnpm bench jit`: what runs, on how many items, how many FLOPs an item costs and the ratio we aim for.
import * as tf from "@tensorflow/tfjs";
import {
  discriminatorSpecs,
  discriminatorStep,
  generator,
  generatorSpecs,
  LATENT,
  splitBuffers,
} from "./models/dcgan.ts";
import { INCEPTION_SIDE, inception, inceptionSpecs } from "./models/inception.ts";
import { seededInput, seededParams, weightFlops } from "./models/params.ts";
import { emptyAdam } from "./models/train.ts";
import { type UnetInput, unet, unetStep } from "./models/unet.ts";
import { unetFlops, unetSpecs } from "./models/unet-specs.ts";

/** A function to compile, its first arguments, and how one call leads to the next. */
export interface Workload {
  // biome-ignore lint/suspicious/noExplicitAny: each row has arguments of its own; only the row looks inside.
  fn: (...args: any[]) => any;
  args: unknown[];
  /** What an iteration waits for: the prediction, or the loss. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  result(output: any): tf.Tensor;
  /** The next call's arguments, if they differ: a training step takes the state that the last one returned. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  next?(output: any): unknown[];
}

export interface Row {
  id: string;
  title: string;
  batch: number;
  /** Multiply-adds x 2 for one item, by the layers' shapes; a training step counts as three forward passes. */
  flops: number;
  /** Speed against the better PyTorch layout that we aim for. */
  target: number;
  workload(batch: number): Workload;
}

const BACKWARD_AND_FORWARD = 3; // the gradients by the input and by the weights each cost what the forward pass does

/** Weights are closed over: constants of the compiled graph. */
function forward<A extends unknown[]>(fn: (...args: A) => tf.Tensor, args: A): Workload {
  return { fn: fn as Workload["fn"], args, result: (output) => output };
}

/** The state goes in and comes out; `batch` stays. */
function training<S, B>(
  fn: (state: S, batch: B) => { state: S; loss: tf.Scalar },
  state: S,
  batch: B,
): Workload {
  return { fn, args: [state, batch], result: ({ loss }) => loss, next: (output) => [output.state, batch] };
}

function images(batch: number, side: number): tf.Tensor4D {
  return seededInput("images", [batch, side, side, 3]) as tf.Tensor4D;
}

function unetInput(batch: number): UnetInput {
  const t = tf.tensor1d(Float32Array.from({ length: batch }, (_, i) => (i * 997) % 1000));
  const digits = Array.from({ length: batch }, (_, i) => i % 10);
  return {
    x: images(batch, 28),
    t,
    labels: tf.oneHot(tf.tensor1d(digits, "int32"), 10, 1, 0, "float32") as tf.Tensor2D,
  };
}

export const ROWS: Row[] = [
  {
    id: "inception",
    title: "Inception-v3 forward, batch 32",
    batch: 32,
    flops: weightFlops(inceptionSpecs()),
    target: 1.7,
    workload(batch) {
      const params = seededParams(inceptionSpecs());
      return forward((x: tf.Tensor4D) => inception(params, x), [images(batch, INCEPTION_SIDE)]);
    },
  },
  {
    id: "unet",
    title: "P2 UNet forward, batch 50",
    batch: 50,
    flops: unetFlops(),
    target: 1.3,
    workload(batch) {
      const params = seededParams(unetSpecs());
      return forward((input: UnetInput) => unet(params, input), [unetInput(batch)]);
    },
  },
  {
    id: "generator",
    title: "DCGAN generator, batch 100",
    batch: 100,
    flops: weightFlops(generatorSpecs()),
    target: 1.0,
    workload(batch) {
      const params = seededParams(generatorSpecs());
      const z = seededInput("z", [batch, 1, 1, LATENT]) as tf.Tensor4D;
      return forward((noise: tf.Tensor4D) => generator(params, noise), [z]);
    },
  },
  {
    id: "discriminator-step",
    title: "DCGAN discriminator training step, batch 64",
    batch: 64,
    flops: BACKWARD_AND_FORWARD * weightFlops(discriminatorSpecs()),
    target: 0.8,
    workload(batch) {
      const state = splitBuffers(seededParams(discriminatorSpecs()));
      const labels = tf.tensor1d(Float32Array.from({ length: batch }, (_, i) => i % 2));
      return training(
        discriminatorStep,
        { ...state, adam: emptyAdam(state.params) },
        { images: images(batch, 64), labels },
      );
    },
  },
  {
    id: "unet-step",
    title: "UNet training step, batch 32",
    batch: 32,
    flops: BACKWARD_AND_FORWARD * unetFlops(),
    target: 0.8,
    workload(batch) {
      const params = seededParams(unetSpecs());
      const noise = seededInput("noise", [batch, 28, 28, 3]) as tf.Tensor4D;
      return training(unetStep, { params, adam: emptyAdam(params) }, { ...unetInput(batch), noise });
    },
  },
];
