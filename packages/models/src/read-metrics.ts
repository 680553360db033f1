/** From a compiled training step to the log. */

import * as tf from "@tensorflow/tfjs";

/** The numbers of these scalars, which are disposed. */
export async function readMetrics(metrics: Record<string, tf.Scalar>): Promise<Record<string, number>> {
  const entries = Object.entries(metrics).map(
    async ([name, value]) => [name, (await value.data())[0]!] as const,
  );
  const read = Object.fromEntries(await Promise.all(entries));
  tf.dispose(metrics);
  return read;
}
