/** The bias that a layer may have. */

import * as tf from "@tensorflow/tfjs";
import { type Params, param } from "../params.ts";

/** y [..., c] plus the parameter `name` [c], or y alone where the tree has no such parameter. */
export function addBias<T extends tf.Tensor>(params: Params, name: string, y: T): T {
  return name in params ? tf.add(y, param(params, name, [y.shape.at(-1)!])) : y;
}
