/**
 * The FID Inception-v3: TensorFlow's graph of 2015-12-05 with its batch norm folded into the convolutions. It differs from torchvision's
 * in the pools of its branches: average pools leave the padding out of the mean, and the last block has a max pool.
 */

import * as tf from "@tensorflow/tfjs";
import {
  conv2d,
  conv2dSpecs,
  linear,
  linearSpecs,
  type ParamSpecs,
  type Params,
  scoped,
} from "@touchstone/nn";
import { blockA, blockB, blockC, blockD, blockE, type Net } from "./blocks.ts";

/** Sizes of the features that the network can give, as pytorch-fid has them. */
export const INCEPTION_DIMS = [64, 192, 768, 2048] as const;
export type InceptionDims = (typeof INCEPTION_DIMS)[number];

/**
 * What to take out of the network: the mean over the plane behind the first max pool (64), the second (192), the last block of 17 x 17
 * (768) and the last block (2048), or the classifier's logits.
 */
export type Tap = InceptionDims | "logits";

const CLASSES = 1008;

/** The network in stages, each from the tap before to its own. */
const STAGES: Record<InceptionDims, <T>(net: Net<T>, x: T) => T> = {
  64(net, image) {
    let x = net.conv("Conv2d_1a_3x3", image, 32, 3, "halve");
    x = net.conv("Conv2d_2a_3x3", x, 32, 3, "valid");
    x = net.conv("Conv2d_2b_3x3", x, 64, 3);
    return net.maxPool(x, "halve");
  },
  192(net, before) {
    const x = net.conv("Conv2d_3b_1x1", before, 80, 1);
    return net.maxPool(net.conv("Conv2d_4a_3x3", x, 192, 3, "valid"), "halve");
  },
  768(net, before) {
    let x = blockA(net, "Mixed_5b", before, 32);
    x = blockA(net, "Mixed_5c", x, 64);
    x = blockA(net, "Mixed_5d", x, 64);
    x = blockB(net, "Mixed_6a", x);
    x = blockC(net, "Mixed_6b", x, 128);
    x = blockC(net, "Mixed_6c", x, 160);
    x = blockC(net, "Mixed_6d", x, 160);
    return blockC(net, "Mixed_6e", x, 192);
  },
  2048(net, before) {
    let x = blockD(net, "Mixed_7a", before);
    x = blockE(net, "Mixed_7b", x, net.averagePool(x));
    return blockE(net, "Mixed_7c", x, net.maxPool(x, "same"));
  },
};

function stagesTo(taps: readonly Tap[]): InceptionDims[] {
  const deepest = Math.max(...taps.map((tap) => (tap === "logits" ? 2048 : tap)));
  return INCEPTION_DIMS.filter((dims) => dims <= deepest);
}

/** The parameters of the network up to the deepest of `taps`; names are torchvision's. */
export function inceptionSpecs(taps: readonly Tap[]): ParamSpecs {
  const specs: ParamSpecs = {};
  const channels: Net<number> = {
    conv(name, channelsIn, channelsOut, kernel) {
      Object.assign(specs, scoped(`${name}.conv`, conv2dSpecs(channelsIn, channelsOut, kernel)));
      return channelsOut;
    },
    maxPool: (x) => x,
    averagePool: (x) => x,
    concat: (parts) => parts.reduce((sum, part) => sum + part, 0),
  };
  let width = 3;
  for (const stage of stagesTo(taps)) width = STAGES[stage](channels, width);
  if (taps.includes("logits"))
    Object.assign(specs, scoped("fc", linearSpecs(width, CLASSES, { bias: false })));
  return specs;
}

/**
 * `[b, dims]` for each tap; nothing behind the deepest is computed. Logits are `[b, 1008]`, without the classifier's bias: those that the
 * Inception Score has been computed from since TensorFlow's first code for it (torch-fidelity: `logits_unbiased`).
 *
 * @param params what `inceptionSpecs(taps)` names  @param x [b, 299, 299, 3], in [-1, 1]
 */
export function inception(
  params: Params,
  x: tf.Tensor4D,
  { taps }: { taps: readonly Tap[] },
): Partial<Record<Tap, tf.Tensor2D>> {
  const layers: Net<tf.Tensor4D> = {
    conv(name, y, _, kernel, step = "same") {
      const [kh, kw] = typeof kernel === "number" ? [kernel, kernel] : kernel;
      return tf.relu(
        conv2d(params, `${name}.conv`, y, {
          stride: step === "halve" ? 2 : 1,
          padding: step === "same" ? [(kh - 1) / 2, (kw - 1) / 2] : 0,
        }),
      ); // [b, h, w, channels]
    },
    maxPool: (y, step) => (step === "halve" ? tf.maxPool(y, 3, 2, "valid") : tf.maxPool(y, 3, 1, "same")),
    averagePool: (y) => tf.avgPool(y, 3, 1, "same"),
    concat: (parts) => tf.concat(parts, 3),
  };
  const out: Partial<Record<Tap, tf.Tensor2D>> = {};
  let y = x;
  for (const stage of stagesTo(taps)) {
    y = STAGES[stage](layers, y);
    if (taps.includes(stage)) out[stage] = tf.mean(y, [1, 2]); // [b, stage]
  }
  if (taps.includes("logits")) out.logits = linear(params, "fc", tf.mean<tf.Tensor2D>(y, [1, 2])); // [b, 1008]
  return out;
}
