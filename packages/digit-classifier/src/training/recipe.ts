/** How our own classifier is trained: on MNIST-M that is made anew for every epoch. */

import * as tf from "@tensorflow/tfjs";
import {
  type Backgrounds,
  composeMnistM,
  type GrayDigits,
  type LabeledImages,
  scaleImages,
} from "@touchstone/datasets";
import { type JitOptions, jit } from "@touchstone/jit";
import {
  type AdamState,
  adamW,
  cosine,
  crossEntropy,
  type Generator,
  initialize,
  type Params,
  partition,
  valueAndGradients,
  warmUp,
} from "@touchstone/nn";
import type { Training } from "@touchstone/training";
import { touchstone } from "../networks/touchstone.ts";
import { augment } from "./affine.ts";

export interface RecipeOptions {
  /** Passes over the digits. */
  epochs: number;
  /** Images in a step. */
  batchSize: number;
  /** Of AdamW: its highest, after a warm-up over the first 5 % of the steps; half a cosine down to 0 from there. */
  learningRate: number;
  /** How much of each target is shared among all digits: keeps the probabilities honest about digits that are hard to read. */
  labelSmoothing: number;
}

export const RECIPE: RecipeOptions = { epochs: 12, batchSize: 128, learningRate: 2e-3, labelSmoothing: 0.05 };

export interface RecipeData {
  digits: GrayDigits;
  backgrounds: Backgrounds;
  /** Looked at after each epoch, and nothing is decided by it. */
  validation: LabeledImages;
}

export type ClassifierState = { trained: Params; buffers: Params; moments: AdamState };

/**
 * @param generator initial weights, order, augmentation and backgrounds are split off from it
 * @param engine where the steps run
 */
export function classifierTraining(
  data: RecipeData,
  generator: Generator,
  options: Partial<RecipeOptions> = {},
  engine: JitOptions = {},
): Training<ClassifierState> {
  const network = touchstone;
  const { epochs, batchSize, learningRate, labelSmoothing } = { ...RECIPE, ...options };
  const { digits, backgrounds, validation } = data;
  const stepsPerEpoch = Math.max(1, Math.floor(digits.labels.length / batchSize));
  const steps = epochs * stepsPerEpoch;
  const warmUpSteps = Math.max(1, Math.round(0.05 * steps));
  const rate = warmUp(cosine(learningRate, Math.max(1, steps - warmUpSteps)), warmUpSteps);
  const optimizer = adamW();
  const shape: [number, number, number, number] = [-1, network.side, network.side, 3];

  const step = jit((state: ClassifierState, pixels: tf.Tensor, labels: tf.Tensor1D, rate: tf.Tensor) => {
    const x = tf.reshape(pixels, shape) as tf.Tensor4D; // [b, 28, 28, 3]
    const { loss, correct, buffers, gradients } = valueAndGradients((trained) => {
      const { logits, buffers } = network.forward({ ...trained, ...state.buffers }, x, { training: true });
      const correct = tf.mean(tf.cast(tf.equal(tf.argMax(logits, 1), labels), "float32"));
      return { loss: crossEntropy(logits, labels, { labelSmoothing }), correct, buffers };
    }, state.trained);
    const { params, state: moments } = optimizer.update(state.trained, gradients, state.moments, rate);
    return { state: { trained: params, buffers, moments }, loss, correct };
  }, engine);
  const evaluate = jit((params: Params, pixels: tf.Tensor) => {
    return tf.argMax(network.forward(params, tf.reshape(pixels, shape) as tf.Tensor4D).logits, 1); // [b]
  }, engine);

  const epochData = memoizeLast((epoch: number) => {
    const turn = generator.split(`epoch ${epoch}`);
    const moved = augment(digits, turn.split("augment"));
    return {
      images: composeMnistM(moved, backgrounds, turn.split("backgrounds")),
      order: turn.split("order").permutation(digits.labels.length),
    };
  });

  return {
    name: "digit-classifier",
    settings: {
      ...{ epochs, batchSize, learningRate, labelSmoothing, network: network.name },
      ...{ digits: digits.labels.length, backgrounds: backgrounds.name, seed: generator.state().stream },
    },
    steps,
    stepsPerEpoch,
    imagesPerStep: batchSize,
    initial() {
      const { trained, buffers } = partition(
        initialize(network.specs, generator.split("weights")),
        network.specs,
      );
      return { trained, buffers, moments: optimizer.init(trained) };
    },
    async step(state, index) {
      const { images, order } = epochData(Math.floor(index / stepsPerEpoch));
      const from = (index % stepsPerEpoch) * batchSize;
      const { pixels, labels } = gather(images, order.subarray(from, from + batchSize));
      const result = await step(state, pixels, labels, Float32Array.of(rate(index)));
      const [loss, accuracy] = [(await result.loss.data())[0]!, (await result.correct.data())[0]!];
      tf.dispose([result.loss, result.correct]);
      return { state: result.state as ClassifierState, metrics: { loss, accuracy } };
    },
    async epochEnd({ trained, buffers }) {
      let correct = 0;
      const params = { ...trained, ...buffers };
      for (let from = 0; from < validation.count; from += EVALUATION_BATCH) {
        const size = Math.min(EVALUATION_BATCH, validation.count - from);
        const { pixels, labels } = gather(
          validation,
          Int32Array.from({ length: size }, (_, i) => from + i),
        );
        const read = await evaluate(params, pixels);
        const digits = await read.data();
        correct += labels.reduce((sum, label, i) => sum + (digits[i] === label ? 1 : 0), 0);
        read.dispose();
      }
      return { validation: correct / validation.count };
    },
  };
}

const EVALUATION_BATCH = 500;

/** Some images of a set, as the network takes them. */
function gather({ images, labels, height, width }: LabeledImages, which: Int32Array) {
  const size = height * width * 3;
  const bytes = new Uint8Array(which.length * size);
  which.forEach((from, to) => {
    bytes.set(images.subarray(from * size, (from + 1) * size), to * size);
  });
  return { pixels: scaleImages(bytes, [-1, 1]), labels: which.map((i) => labels[i]!) };
}

/** The last result is kept: steps of one epoch ask for the same. */
function memoizeLast<T>(f: (key: number) => T): (key: number) => T {
  let last: { key: number; value: T } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, value: f(key) };
    return last.value;
  };
}
