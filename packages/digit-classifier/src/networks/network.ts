/** What the networks that read digits have in common. */

import type * as tf from "@tensorflow/tfjs";
import type { ParamSpecs, Params } from "@touchstone/nn";

export interface Network {
  /** As a score names it. */
  name: string;
  /** Images are this many pixels high and wide. */
  side: 28;
  /** Width of the features. */
  dims: number;
  specs: ParamSpecs;
  /**
   * @param x [b, 28, 28, 3], in [-1, 1]
   * @returns logits [b, 10]; features [b, dims], what the last layer sees; the new running statistics, when training
   */
  forward(
    params: Params,
    x: tf.Tensor4D,
    options?: { training?: boolean },
  ): { logits: tf.Tensor2D; features: tf.Tensor2D; buffers: Params };
}
