/** Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019): torch.optim.Adam and AdamW. */

import * as tf from "@tensorflow/tfjs";
import { mapParams, type Params, param } from "../params.ts";
import { asScalar, type Optimizer, requireRange } from "./optimizer.ts";
import { packing } from "./pack.ts";

export interface AdamOptions {
  /** Decay of the mean gradient. Default 0.9. */
  beta1?: number;
  /** Decay of the mean square. Default 0.999. */
  beta2?: number;
  /** Default 1e-8. */
  epsilon?: number;
  /** Default 0; of AdamW 0.01. */
  weightDecay?: number;
}

/** A type and not an interface, which tfjs's functions of trees (dispose, tidy) would not take. */
export type AdamState = {
  /** Steps taken: a scalar, in float32 exact up to 2^24. */
  step: tf.Scalar;
  /** Running mean of gradients. */
  mean: Params;
  /** Running mean of their squares. */
  square: Params;
};

/** Weight decay as an L2 penalty: added to the gradient. */
export function adam(options: AdamOptions = {}): Optimizer<AdamState> {
  return withMoments(options, false);
}

/** Weight decay apart from the gradient: p is scaled by 1 - learningRate weightDecay first. */
export function adamW(options: AdamOptions = {}): Optimizer<AdamState> {
  return withMoments({ weightDecay: 0.01, ...options }, true);
}

function withMoments(
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 }: AdamOptions,
  isDecoupled: boolean,
): Optimizer<AdamState> {
  requireRange("beta1", beta1, 1);
  requireRange("beta2", beta2, 1);
  requireRange("epsilon", epsilon);
  requireRange("weightDecay", weightDecay);
  const [penalty, shrinkage] = isDecoupled ? [0, weightDecay] : [weightDecay, 0];
  const zerosOf = (params: Params): Params => mapParams(params, (p) => tf.zerosLike(p));

  return {
    init: (params) => ({ step: tf.scalar(0), mean: zerosOf(params), square: zerosOf(params) }),
    update(params, gradients, state, learningRate) {
      const rate = asScalar(learningRate);
      const step = tf.add(state.step, 1) as tf.Scalar;
      const size = tf.div(rate, correction(beta1, step));
      const rootCorrection = tf.sqrt(correction(beta2, step));
      const { pack, unpack } = packing(params);
      const old = pack(params);
      const penalized = mapParams(pack(gradients), (g, name) =>
        penalty === 0 ? g : tf.add(g, tf.mul(param(old, name), penalty)),
      );
      const moments = { mean: pack(state.mean), square: pack(state.square) };
      const mean = mapParams(penalized, (g, name) => blend(param(moments.mean, name), g, beta1));
      const square = mapParams(penalized, (g, name) =>
        blend(param(moments.square, name), tf.square(g), beta2),
      );
      const updated = mapParams(old, (p, name) => {
        const deviation = tf.add(tf.div(tf.sqrt(param(square, name)), rootCorrection), epsilon);
        const shrunk = shrinkage === 0 ? p : tf.mul(p, tf.sub(1, tf.mul(rate, shrinkage)));
        return tf.sub(shrunk, tf.mul(tf.div(param(mean, name), deviation), size));
      });
      return { params: unpack(updated), state: { step, mean: unpack(mean), square: unpack(square) } };
    },
  };
}

/** 1 - beta^t, the share of the zeros at the start. As -expm1(t log(beta)) it keeps its digits where beta^t is nearly 1. */
function correction(beta: number, step: tf.Scalar): tf.Tensor {
  return tf.neg(tf.expm1(tf.mul(step, Math.log(beta))));
}

function blend(old: tf.Tensor, value: tf.Tensor, decay: number): tf.Tensor {
  return tf.add(tf.mul(old, decay), tf.mul(value, 1 - decay));
}
