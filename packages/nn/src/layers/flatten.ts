/** Images as vectors in PyTorch's order: torch.nn.Flatten. */

import * as tf from "@tensorflow/tfjs";
import { requireShape } from "../shape.ts";

/** Channel by channel, as PyTorch's images lie in memory: a linear layer after a convolution keeps its weights. [b, h, w, c] -> [b, c h w] */
export function flatten(x: tf.Tensor4D): tf.Tensor2D {
  requireShape("the input of flatten", x.shape, ["b", "h", "w", "c"]);
  const [b, h, w, c] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [b, c * h * w]) as tf.Tensor2D; // [b, c h w]
}
