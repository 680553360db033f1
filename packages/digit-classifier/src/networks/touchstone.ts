/**
 * A stronger network that is still small (141,034 parameters) and quick: five 3x3 convolutions with batch normalisation, and the mean
 * over positions as features, so that it does not mind where in the image the digit stands.
 */

import * as tf from "@tensorflow/tfjs";
import {
  batchNorm,
  batchNormSpecs,
  conv2d,
  conv2dSpecs,
  linear,
  linearSpecs,
  maxPool2d,
  type ParamSpecs,
  type Params,
  scoped,
} from "@touchstone/nn";
import type { Network } from "./network.ts";

const CONVOLUTIONS = [
  { name: "0", channelsIn: 3, channelsOut: 32, padding: 1, pool: false }, // 28 x 28
  { name: "1", channelsIn: 32, channelsOut: 32, padding: 1, pool: true }, // 14 x 14
  { name: "2", channelsIn: 32, channelsOut: 64, padding: 1, pool: false },
  { name: "3", channelsIn: 64, channelsOut: 64, padding: 1, pool: true }, // 7 x 7
  { name: "4", channelsIn: 64, channelsOut: 128, padding: 0, pool: false }, // 5 x 5
] as const;

const specs: ParamSpecs = Object.fromEntries(
  CONVOLUTIONS.flatMap(({ name, channelsIn, channelsOut }) =>
    Object.entries({
      // The normalisation takes any bias away again.
      ...scoped(`features.${name}.conv`, conv2dSpecs(channelsIn, channelsOut, 3, { bias: false })),
      ...scoped(`features.${name}.norm`, batchNormSpecs(channelsOut)),
    }),
  ),
);

export const touchstone: Network = {
  name: "touchstone",
  side: 28,
  dims: 128,
  specs: { ...specs, ...scoped("classifier", linearSpecs(128, 10)) },
  forward(params, x, { training = false } = {}) {
    let y = x;
    const buffers: Params = {};
    for (const { name, padding, pool } of CONVOLUTIONS) {
      const convolved = conv2d(params, `features.${name}.conv`, y, { padding });
      const normed = batchNorm(params, `features.${name}.norm`, convolved, { training });
      Object.assign(buffers, normed.buffers);
      y = tf.relu(normed.y); // [b, h, w, channelsOut]
      if (pool) y = maxPool2d(y, 2); // [b, h/2, w/2, channelsOut]
    }
    const features = tf.mean<tf.Tensor2D>(y, [1, 2]); // [b, 128]
    return { logits: linear(params, "classifier", features), features, buffers };
  },
};
