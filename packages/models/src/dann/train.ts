/** The recipe of DANN: its hyper-parameters, its three modes, and what each step is fed. */

import * as tf from "@tensorflow/tfjs";
import type { ImageArray, LabeledImages } from "@touchstone/datasets";
import { type JitOptions, jit } from "@touchstone/jit";
import {
  adam,
  generatorFromSeed,
  initialize,
  mapParams,
  multiStep,
  OptionError,
  partition,
} from "@touchstone/nn";
import type { Training } from "@touchstone/training";
import { ImagesError } from "../images/errors.ts";
import { fingerprint } from "../images/fingerprint.ts";
import { readMetrics } from "../read-metrics.ts";
import { requireCount } from "../require-count.ts";
import { type Augmentation, HANDWRITING } from "./augment.ts";
import { imageFeed, requireDigits } from "./feeds.ts";
import { reversalStrength } from "./gradient-reversal.ts";
import { dannSpecs, digitReaderSpecs, FEATURES, SIDE } from "./model.ts";
import { dannReader } from "./reader.ts";
import { type Adaptation, type DannState, dannStep, paramsOf } from "./step.ts";

/**
 * `dann` learns digits from the source and adapts to the unlabelled target. The other two have no domain classifier and are what it is to be
 * compared with: `source-only` never sees the target, `target-trained` learns from the target's labels.
 */
export type DannMode = "source-only" | "dann" | "target-trained";

export interface DannOptions {
  /** Default `dann`. */
  mode?: DannMode;
  /** Default 0. */
  seed?: number | string;
  /** Passes over the images that have labels. */
  epochs?: number;
  /** Images of each domain in a step. */
  batchSize?: number;
  /** Of Adam, until half of the steps are done; a tenth from there, and a hundredth after 80 % (MultiStepLR). */
  learningRate?: number;
  /** Of both domains. Default HANDWRITING. */
  augmentation?: Augmentation;
  /**
   * Held-out images to be read after each epoch, for the log and the report alone: nothing is decided by it. The state after the last step
   * is the result, for a checkpoint chosen by the target's labels would not be unsupervised.
   */
  evaluation?: { source?: LabeledImages; target?: LabeledImages };
  /** Where the steps run. */
  engine?: JitOptions;
}

/** 10 epochs of MNIST-M are 4,680 steps; 128 images of each domain are twice the paper's batch; the rate is Adam's own (Kingma and Ba 2015). */
export const DANN_DEFAULTS = { epochs: 10, batchSize: 128, learningRate: 1e-3 };

/** Shares of the steps. By the first the reversal is at its full strength: what follows settles the balance of the two players. */
const MILESTONES = [0.5, 0.8];

/**
 * @param source labelled images, 28 x 28, as `loadDataset` brings them to
 * @param target images of the other domain, 28 x 28; their labels are used by `target-trained` alone
 * @throws ImagesError, OptionError, InvalidSeedError
 */
export function dannTraining(
  source: LabeledImages,
  target: ImageArray | LabeledImages,
  options: DannOptions = {},
): Training<DannState> {
  const { epochs, batchSize, learningRate } = { ...DANN_DEFAULTS, ...options };
  const { mode = "dann", seed = 0, augmentation = HANDWRITING, evaluation = {}, engine = {} } = options;
  requireCount("epochs", epochs);
  if (!(learningRate > 0 && learningRate < Number.POSITIVE_INFINITY)) {
    throw new OptionError("learningRate", "a finite number above 0", learningRate);
  }
  requireCount("batchSize", batchSize, 2); // Batch normalisation has no variance to divide by in a batch of one.
  const labelled = mode === "target-trained" ? withLabels(target) : source;
  requireDigits(labelled);
  const root = generatorFromSeed(seed);
  const feed = imageFeed(labelled, batchSize, augmentation, root.split("labelled"));
  const other = mode === "dann" && imageFeed(target, batchSize, augmentation, root.split("unlabelled"));
  const steps = epochs * feed.batchesPerEpoch;
  const specs = mode === "dann" ? dannSpecs : digitReaderSpecs;
  const optimizer = adam();
  const rate = multiStep(
    learningRate,
    MILESTONES.map((share) => Math.round(share * steps)),
  );

  const images = (pixels: tf.Tensor) => tf.reshape<tf.Rank.R4>(pixels, [batchSize, SIDE, SIDE, 3]);
  const run = jit(
    (
      state: DannState,
      batch: { pixels: tf.Tensor; labels: tf.Tensor1D; noise: tf.Tensor },
      adaptation: { pixels: tf.Tensor; lambda: tf.Tensor } | undefined,
      rate: tf.Tensor,
    ) => {
      const noise = tf.reshape<tf.Rank.R2>(batch.noise, [batchSize, FEATURES]);
      const { labels } = batch;
      const unpacked: Adaptation | undefined = adaptation && {
        target: images(adaptation.pixels),
        lambda: adaptation.lambda,
      };
      return dannStep(state, { x: images(batch.pixels), labels, noise }, unpacked, rate, optimizer);
    },
    engine,
  );
  const accuracies = evaluator(evaluation, engine);

  return {
    name: mode === "dann" ? "dann" : `dann, ${mode}`,
    settings: {
      labelled: fingerprint(labelled, labelled.labels),
      ...(mode === "dann" && { unlabelled: fingerprint(target) }),
      ...{ seed, epochs, batchSize, learningRate, augmentation: JSON.stringify(augmentation) },
    },
    steps,
    stepsPerEpoch: feed.batchesPerEpoch,
    imagesPerStep: mode === "dann" ? 2 * batchSize : batchSize,
    initial() {
      const { trained, buffers } = partition(initialize(specs, root.split("weights")), specs);
      const sourceBuffers = mode === "dann" ? mapParams(buffers, (value) => tf.clone(value)) : {};
      return { trained, buffers, sourceBuffers, moments: optimizer.init(trained) };
    },
    async step(state, step) {
      const batch = {
        pixels: feed.pixels(step),
        labels: feed.indices(step).map((i) => labelled.labels[i]!),
        noise: root
          .split("dropout")
          .split(step)
          .uniform(batchSize * FEATURES),
      };
      const lambda = Float32Array.of(reversalStrength(step / steps));
      const adaptation = other ? { pixels: other.pixels(step), lambda } : undefined;
      const next = await run(state, batch, adaptation, Float32Array.of(rate(step)));
      return { state: next.state, metrics: await readMetrics(next.metrics) };
    },
    epochEnd: accuracies,
  };
}

function withLabels(target: ImageArray | LabeledImages): LabeledImages {
  if ("labels" in target) return target;
  throw new ImagesError("The target images", "labels, as mode target-trained learns from them", "none");
}

/** The share of each set that is read as labelled: `sourceAccuracy` and `targetAccuracy`. */
function evaluator(evaluation: NonNullable<DannOptions["evaluation"]>, engine: JitOptions) {
  const sets = (["source", "target"] as const).flatMap((domain) => {
    const set = evaluation[domain];
    if (!set) return [];
    requireDigits(set);
    return [{ ...set, domain }];
  });
  const reader = dannReader(engine);
  return async (state: DannState) => {
    const accuracies: Record<string, number> = {};
    for (const { domain, images, labels, count } of sets) {
      const read = await reader.read(paramsOf(state, domain), images, count);
      const correct = labels.filter((label, i) => read.labels[i] === label).length;
      accuracies[`${domain}Accuracy`] = correct / count;
    }
    return accuracies;
  };
}
