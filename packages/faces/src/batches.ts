/** Runs a compiled network over images in batches of one size, so that what is found in an image depends on no other. */

import type * as tf from "@tensorflow/tfjs";
import type { Jitted } from "@touchstone/jit";
import { NonFiniteOutputError } from "./errors.ts";

export interface Batched {
  /** What a message calls it. */
  name: string;
  batch: number;
  /** From uint8 pixels of `batch` images. */
  forward: Jitted<[tf.Tensor], tf.Tensor>;
  /** Numbers that it takes, and gives, for each image. */
  inputLength: number;
  outputLength: number;
}

/**
 * @param draw writes the pixels of image i into an array of `inputLength`
 * @returns `[count, outputLength]`
 * @throws NonFiniteOutputError
 */
export async function runBatched(
  { name, batch, forward, inputLength, outputLength }: Batched,
  count: number,
  draw: (i: number, into: Uint8Array) => void,
): Promise<Float32Array> {
  const out = new Float32Array(count * outputLength);
  for (let from = 0; from < count; from += batch) {
    const size = Math.min(batch, count - from);
    const pixels = new Uint8Array(batch * inputLength);
    for (let i = 0; i < size; i++) draw(from + i, pixels.subarray(i * inputLength, (i + 1) * inputLength));
    const result = await forward(pixels);
    const values = (await result.data()) as Float32Array;
    out.set(values.subarray(0, size * outputLength), from * outputLength);
    result.dispose();
  }
  const bad = out.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) throw new NonFiniteOutputError(name, Math.floor(bad / outputLength), out[bad]!);
  return out;
}
