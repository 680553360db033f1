/** What optimizers have in common: a step is a pure function of parameters, gradients and state, so that `jit` can trace it. */

import * as tf from "@tensorflow/tfjs";
import { OptionError } from "../errors.ts";
import type { Params } from "../params.ts";

export interface Optimizer<State> {
  /** The state before the first step: a tree of tensors. */
  init(params: Params): State;
  /**
   * Parameters and state after a step. All that comes in stays as it is.
   *
   * @param gradients one for each parameter
   * @param learningRate a scalar or [1]: a tensor, so that another rate compiles nothing anew
   */
  update(
    params: Params,
    gradients: Params,
    state: State,
    learningRate: tf.Tensor,
  ): { params: Params; state: State };
}

/** A typed array fed to a compiled function arrives as [1], which would add an axis to scalar parameters. */
export function asScalar(learningRate: tf.Tensor): tf.Scalar {
  return tf.reshape(learningRate, []);
}

/** @throws OptionError unless the number is 0 or more, and less than `below` */
export function requireRange(option: string, value: number, below = Number.POSITIVE_INFINITY): void {
  if (value >= 0 && value < below) return;
  const range =
    below === Number.POSITIVE_INFINITY ? "a finite number, 0 or more" : `a number in [0, ${below})`;
  throw new OptionError(option, range, value);
}
