/** What a model's recipe gives the training loop. */

import type * as tf from "@tensorflow/tfjs";

/** Nested plain objects of tensors: parameters, moments, running statistics. */
export type TensorTree = tf.Tensor | { [key: string]: TensorTree };

export interface Training<State extends TensorTree> {
  /** What the log and the progress line call it: `digit-classifier`. */
  name: string;
  /** All that the numbers depend on, such as the learning rate, the seed and the data: a run is only resumed with the same. */
  settings: Record<string, string | number | boolean>;
  /** Steps in all. */
  steps: number;
  /**
   * No step depends on how many there are, so a training may go on beyond `steps`. Without this it may only end sooner: its learning rate
   * falls until the last step, or something else is planned over all of them, and `settings` says how many.
   */
  isOpenEnded?: true;
  /** Steps in an epoch: only for the progress line and `epochEnd`. */
  stepsPerEpoch: number;
  /** Images in a step, for the rate that the progress line shows. */
  imagesPerStep: number;
  /** The state before the first step, drawn from the seed. */
  initial(): State;
  /**
   * One step. A function of the state and the number alone: data and noise come from generators split by `step`,
   * so that a run that was interrupted goes on with the same numbers. The old state is the caller's to dispose.
   *
   * @param step from 0
   * @returns the next state and what to log; NaN or infinity in it ends the training with an error
   */
  step(state: State, step: number): Promise<{ state: State; metrics: Record<string, number> }>;
  /** After the last step of each epoch, and after the last step: validation, preview pictures. */
  epochEnd?(state: State, epoch: number): Promise<Record<string, number>>;
}
