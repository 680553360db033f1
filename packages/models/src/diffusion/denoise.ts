/** The denoising loop: one compiled call a step, whose results go straight into the next without passing through JavaScript. */

import * as tf from "@tensorflow/tfjs";
import { UNLABELED } from "@touchstone/datasets";
import { type JitOptions, jit } from "@touchstone/jit";
import { imageOf, type Prediction } from "./prediction.ts";
import type { Update } from "./samplers/index.ts";

/**
 * The noise in x, or its velocity.
 *
 * @param x [b, h, w, 3]  @param times PyTorch's t, [1]  @param labels int32 [b]
 */
export type Predict = (x: tf.Tensor4D, times: tf.Tensor1D, labels: tf.Tensor1D) => tf.Tensor4D;

export interface Denoising {
  /** [T + 1] */
  alphaBar: Float64Array;
  updates: readonly Update[];
  /** Default "noise". */
  prediction?: Prediction | undefined;
  /** Of the images: [b, h, w, 3]. It is compiled for this shape only. */
  shape: [number, number, number, number];
  /**
   * prediction = unlabelled + guidance (labelled - unlabelled) (Ho and Salimans 2021, equation 6, whose w is guidance - 1). 1 is the labelled
   * prediction alone, and costs half as much.
   */
  guidance: number;
  /** The predicted image is clamped to [-1, 1], as pixels are. */
  clip: boolean;
  engine?: JitOptions;
}

export interface Denoised {
  /** T: nothing but noise; 0: the image. */
  level: number;
  /** Disposed when the next step is asked for. */
  x: tf.Tensor4D;
}

export interface Denoiser {
  /**
   * The images of one batch at every level that the sampler passes, the first and the last included.
   *
   * @param labels [b], 0 ... 9 or UNLABELED
   * @param noise standard normal, [b h w 3]: draw 0 is the first sample, draw k what the k-th step adds; not asked for where it adds none
   */
  run(labels: Int32Array, noise: (draw: number) => Float32Array): AsyncGenerator<Denoised, void>;
  dispose(): Promise<void>;
}

/** The numbers of a step, each [1]: as tensors, so that all steps are one compiled function. */
type Numbers = Record<"time" | "signal" | "sigma" | "guidance" | keyof Weights, tf.Tensor>;
type Weights = Omit<Update, "level" | "next">;

export function denoiser(predict: Predict, { shape, guidance, clip, ...plan }: Denoising): Denoiser {
  const { alphaBar, updates, prediction = "noise", engine } = plan;
  const predictionOf = guidance === 1 ? predict : guided(predict);
  const isStochastic = updates.some(({ noise }) => noise !== 0);
  const step = jit(
    (
      x: tf.Tensor4D,
      earlier: tf.Tensor4D,
      labels: tf.Tensor1D,
      noise: tf.Tensor | null,
      numbers: Numbers,
    ) => {
      const { time, signal, sigma, guidance, ...weights } = numbers;
      const predicted = predictionOf(x, time as tf.Tensor1D, labels, guidance); // [b, h, w, 3]
      const image = imageOf(prediction, predicted, { x, signal, sigma }); // [b, h, w, 3]
      const clean = clip ? tf.clipByValue(image, -1, 1) : image;
      const terms = [
        tf.mul(x, weights.x),
        tf.mul(clean, weights.clean),
        tf.mul(earlier, weights.earlierClean),
      ];
      if (noise) terms.push(tf.mul(tf.reshape(noise, shape), weights.noise));
      return { x: tf.addN(terms) as tf.Tensor4D, clean };
    },
    engine,
  );

  async function* run(
    labels: Int32Array,
    noise: (draw: number) => Float32Array,
  ): AsyncGenerator<Denoised, void> {
    let state = { x: tf.tensor4d(noise(0), shape), clean: tf.zeros(shape) as tf.Tensor4D };
    try {
      yield { level: updates[0]!.level, x: state.x };
      for (const [i, update] of updates.entries()) {
        const added = update.noise === 0 ? new Float32Array(state.x.size) : noise(i + 1);
        const numbers = numbersOf(update, alphaBar, guidance);
        const next = await step(state.x, state.clean, labels, isStochastic ? added : null, numbers);
        tf.dispose(state);
        state = next;
        yield { level: update.next, x: state.x };
      }
    } finally {
      tf.dispose(state);
    }
  }
  return { run, dispose: () => step.dispose() };
}

/** Both predictions in one batch of twice the size. */
function guided(predict: Predict) {
  return (x: tf.Tensor4D, time: tf.Tensor1D, labels: tf.Tensor1D, guidance: tf.Tensor): tf.Tensor4D => {
    const none = tf.fill(labels.shape, UNLABELED, "int32") as tf.Tensor1D;
    const both = predict(tf.concat([x, x], 0), time, tf.concat([labels, none])); // [2b, h, w, 3]
    const [labelled, unlabelled] = tf.split(both, 2, 0) as [tf.Tensor4D, tf.Tensor4D]; // [b, h, w, 3]
    return tf.add(unlabelled, tf.mul(tf.sub(labelled, unlabelled), guidance));
  };
}

function numbersOf({ level, next: _, ...weights }: Update, alphaBar: Float64Array, guidance: number) {
  const numbers = {
    time: level - 1,
    signal: Math.sqrt(alphaBar[level]!),
    sigma: Math.sqrt(1 - alphaBar[level]!),
    guidance,
    ...weights,
  };
  const entries = Object.entries(numbers).map(([name, value]) => [name, Float32Array.of(value)]);
  return Object.fromEntries(entries) as Record<keyof Numbers, Float32Array>;
}
