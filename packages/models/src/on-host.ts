/** Parameters as constants of a compiled function. */

import * as tf from "@tensorflow/tfjs";
import type { Params } from "@touchstone/nn";

/** Copies in this process's memory, as constants of a graph must be: those of a training on a GPU are not. The caller disposes them. */
export async function onHost(params: Params): Promise<Params> {
  const copies = Object.entries(params).map(
    async ([name, value]) => [name, tf.tensor(await value.data(), value.shape)] as const,
  );
  return Object.fromEntries(await Promise.all(copies));
}
