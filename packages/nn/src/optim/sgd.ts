/** Stochastic gradient descent: torch.optim.SGD. */

import * as tf from "@tensorflow/tfjs";
import { OptionError } from "../errors.ts";
import { mapParams, type Params, param } from "../params.ts";
import { asScalar, type Optimizer, requireRange } from "./optimizer.ts";

export interface SgdOptions {
  /** Decay of the velocity. Default 0: none. */
  momentum?: number;
  /** Looks ahead along the velocity (Sutskever et al. 2013). */
  nesterov?: boolean;
  /** Times the parameter, added to its gradient: an L2 penalty. Default 0. */
  weightDecay?: number;
}

/** A type and not an interface, which tfjs's functions of trees (dispose, tidy) would not take. */
export type SgdState = {
  /** Running sum of gradients; empty without momentum. */
  velocity: Params;
};

/** g = gradient + weightDecay p; v = momentum v + g; p = p - learningRate v, with Nesterov p - learningRate (g + momentum v). */
export function sgd({
  momentum = 0,
  nesterov = false,
  weightDecay = 0,
}: SgdOptions = {}): Optimizer<SgdState> {
  requireRange("momentum", momentum);
  requireRange("weightDecay", weightDecay);
  if (nesterov && momentum === 0) throw new OptionError("nesterov", "a momentum above 0 with it", momentum);

  return {
    init: (params) => ({ velocity: momentum === 0 ? {} : mapParams(params, (p) => tf.zerosLike(p)) }),
    update(params, gradients, state, learningRate) {
      const rate = asScalar(learningRate);
      const decayed = mapParams(params, (p, name) => {
        const g = param(gradients, name, p.shape);
        return weightDecay === 0 ? g : tf.add(g, tf.mul(p, weightDecay));
      });
      const velocity =
        momentum === 0
          ? {}
          : mapParams(decayed, (g, name) => tf.add(tf.mul(param(state.velocity, name), momentum), g));
      const direction = (name: string): tf.Tensor => {
        const g = param(decayed, name);
        if (momentum === 0) return g;
        const v = param(velocity, name);
        return nesterov ? tf.add(g, tf.mul(v, momentum)) : v;
      };
      return {
        params: mapParams(params, (p, name) => tf.sub(p, tf.mul(direction(name), rate))),
        state: { velocity },
      };
    },
  };
}
