/** An exponential moving average of parameters: what diffusion models and GANs are sampled with. */

import * as tf from "@tensorflow/tfjs";
import { mapParams, type Params, param } from "../params.ts";
import { asScalar, requireRange } from "./optimizer.ts";
import { packing } from "./pack.ts";

/**
 * decay average + (1 - decay) params: torch.optim.swa_utils.AveragedModel after its first copy. The first average is the parameters
 * themselves.
 *
 * @param decay a scalar or [1]
 */
export function movingAverage(average: Params, params: Params, decay: tf.Tensor): Params {
  const kept = asScalar(decay);
  const { pack, unpack } = packing(average);
  const now = pack(params);
  const moved = mapParams(pack(average), (old, name) => {
    const p = param(now, name);
    return tf.add(p, tf.mul(tf.sub(old, p), kept));
  });
  return unpack(moved);
}

/** The decay at each update, counted from 0, that forgets the start: min(decay, (1 + t) / (10 + t)), as TensorFlow's. */
export function warmedUpDecay(decay: number): (update: number) => number {
  requireRange("decay", decay, 1);
  return (update) => Math.min(decay, (1 + update) / (10 + update));
}
