// DCGAN (Radford et al. 2016) at 64x64: the generator, the discriminator and its training step.
import * as tf from "@tensorflow/tfjs";
import { type BatchStatistics, batchNormTraining } from "./ops.ts";
import { isBuffer, type ParamSpec, type Params, param } from "./params.ts";
import { type AdamOptions, type AdamState, adam, valueAndGradients } from "./train.ts";

export const LATENT = 100;
const GENERATOR_WIDTHS = [LATENT, 512, 256, 128, 64, 3];
const DISCRIMINATOR_WIDTHS = [3, 64, 128, 256, 512, 1];
const LEAK = 0.2;
const EPSILON = 1e-5; // torch.nn.BatchNorm2d's
const MOMENTUM = 0.1;
export const DISCRIMINATOR_ADAM: AdamOptions = {
  learningRate: 2e-4,
  beta1: 0.5,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
};

const batchNormSpecs = (layer: number, channels: number): ParamSpec[] =>
  ["weight", "bias", "running_mean", "running_var"].map((part) => ({
    name: `net.${layer}.${part}`,
    shape: [channels],
    uses: 0,
  }));

export function generatorSpecs(): ParamSpec[] {
  return GENERATOR_WIDTHS.slice(1).flatMap((out, i) => {
    const filter = { name: `net.${3 * i}.weight`, shape: [4, 4, out, GENERATOR_WIDTHS[i] ?? 0] };
    // A transposed convolution multiplies each weight once per input pixel (less what the padding cuts off).
    const uses = i === 0 ? 1 : 4 ** (i + 1);
    return [{ ...filter, uses }, ...(i < 4 ? batchNormSpecs(3 * i + 1, out) : [])];
  });
}

/** Images in [-1, 1] [b, 64, 64, 3] from z [b, 1, 1, 100], in evaluation mode. */
export function generator(params: Params, z: tf.Tensor4D): tf.Tensor4D {
  let x = z;
  for (let i = 0; i < 5; i++) {
    const filter = param<tf.Tensor4D>(params, `net.${3 * i}.weight`);
    const [b, h] = x.shape;
    const size = i === 0 ? 4 : 2 * h;
    const out: [number, number, number, number] = [b, size, size, filter.shape[2]];
    x = tf.conv2dTranspose(x, filter, out, i === 0 ? 1 : 2, i === 0 ? "valid" : "same"); // [b, 2h, 2w, out]
    if (i === 4) break;
    const [gamma, beta, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map((part) =>
      param<tf.Tensor1D>(params, `net.${3 * i + 1}.${part}`),
    ) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    x = tf.relu(tf.batchNorm4d(x, mean, variance, beta, gamma, EPSILON));
  }
  return tf.tanh(x); // [b, 64, 64, 3]
}

/** Where a layer's convolution and batch normalisation stand in PyTorch's Sequential. */
const convAt = (i: number) => (i === 0 ? 0 : 3 * i - 1);
const normAt = (i: number) => 3 * i;

export function discriminatorSpecs(): ParamSpec[] {
  return DISCRIMINATOR_WIDTHS.slice(1).flatMap((out, i) => {
    const side = i === 4 ? 1 : 32 / 2 ** i;
    const filter = { name: `net.${convAt(i)}.weight`, shape: [4, 4, DISCRIMINATOR_WIDTHS[i] ?? 0, out] };
    return [{ ...filter, uses: side * side }, ...(i > 0 && i < 4 ? batchNormSpecs(normAt(i), out) : [])];
  });
}

/** Probability that each image of x [b, 64, 64, 3] is real, [b], in training mode; with each layer's batch statistics. */
export function discriminator(params: Params, x: tf.Tensor4D) {
  const statistics: Record<string, BatchStatistics & { count: number }> = {};
  let y = x;
  for (let i = 0; i < 4; i++) {
    y = tf.conv2d(y, param<tf.Tensor4D>(params, `net.${convAt(i)}.weight`), 2, 1); // [b, h/2, w/2, out]
    if (i > 0) {
      const layer = `net.${normAt(i)}`;
      const normed = batchNormTraining(
        y,
        param(params, `${layer}.weight`),
        param(params, `${layer}.bias`),
        EPSILON,
      );
      const count = y.size / (y.shape[3] ?? 1);
      y = normed.y;
      statistics[layer] = { ...normed.statistics, count };
    }
    y = tf.leakyRelu(y, LEAK);
  }
  const score = tf.conv2d(y, param<tf.Tensor4D>(params, "net.11.weight"), 1, "valid"); // [b, 1, 1, 1]
  return { probability: tf.sigmoid(tf.reshape(score, [-1])) as tf.Tensor1D, statistics };
}

/** Binary cross-entropy; logarithms clamped at -100, as torch.nn.BCELoss. */
export function binaryCrossEntropy(probability: tf.Tensor1D, label: tf.Tensor1D): tf.Scalar {
  const log = (p: tf.Tensor) => tf.maximum(tf.log(p), -100);
  const likelihood = tf.add(
    tf.mul(label, log(probability)),
    tf.mul(tf.sub(1, label), log(tf.sub(1, probability))),
  );
  return tf.neg(tf.mean<tf.Scalar>(likelihood));
}

export interface DiscriminatorState {
  params: Params;
  /** Running means and variances. */
  buffers: Params;
  adam: AdamState;
}

/** One Adam step on images [b, 64, 64, 3] with labels [b] (1 real, 0 fake). */
export function discriminatorStep(
  state: DiscriminatorState,
  batch: { images: tf.Tensor4D; labels: tf.Tensor1D },
): { state: DiscriminatorState; loss: tf.Scalar } {
  let seen: ReturnType<typeof discriminator>["statistics"] = {};
  const { loss, gradients } = valueAndGradients((params) => {
    const { probability, statistics } = discriminator(params, batch.images);
    // The gradient's scope would free them.
    for (const { mean, variance } of Object.values(statistics)) [mean, variance].forEach(tf.keep);
    seen = statistics;
    return binaryCrossEntropy(probability, batch.labels);
  }, state.params);

  const buffers: Params = {};
  for (const [layer, { mean, variance, count }] of Object.entries(seen)) {
    buffers[`${layer}.running_mean`] = blend(param(state.buffers, `${layer}.running_mean`), mean);
    const unbiased = tf.mul(variance, count / (count - 1));
    buffers[`${layer}.running_var`] = blend(param(state.buffers, `${layer}.running_var`), unbiased);
    tf.dispose([mean, variance]);
  }
  return { state: { ...adam(state.params, gradients, state.adam, DISCRIMINATOR_ADAM), buffers }, loss };
}

function blend(old: tf.Tensor, now: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(old, 1 - MOMENTUM), tf.mul(now, MOMENTUM));
}

/** Splits seeded parameters into trained ones and running statistics. */
export function splitBuffers(all: Params): { params: Params; buffers: Params } {
  const pick = (wanted: boolean) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => isBuffer(name) === wanted)) as Params;
  return { params: pick(false), buffers: pick(true) };
}
