/** Digits and features of images, in batches of one size. */

import * as tf from "@tensorflow/tfjs";
import { scaleImages } from "@touchstone/datasets";
import { type JitOptions, jit } from "@touchstone/jit";
import type { Params } from "@touchstone/nn";
import { classifyDigits, extractFeatures, FEATURES, SIDE } from "./model.ts";

/** What an image is read as depends on no other: the last batch is filled up with black. */
export const BATCH = 200;

export interface DigitsRead {
  /** The digit that is most probable, [count]. */
  labels: Int32Array;
  /** [count, 512] */
  features: Float32Array;
}

export interface DannReader {
  /**
   * Reads images by a network in evaluation mode.
   *
   * @param params of `digitReaderSpecs` at least; not disposed  @param images uint8 RGB, [count, 28, 28, 3]
   */
  read(params: Params, images: Uint8Array, count: number): Promise<DigitsRead>;
  dispose(): Promise<void>;
}

/** Compiled at the first call, for all parameters. @param engine where it runs */
export function dannReader(engine: JitOptions = {}): DannReader {
  const run = jit((params: Params, pixels: tf.Tensor) => {
    const { features } = extractFeatures(params, tf.reshape(pixels, [BATCH, SIDE, SIDE, 3])); // [b, 512]
    return { labels: tf.argMax(classifyDigits(params, features), 1), features };
  }, engine);
  const size = SIDE * SIDE * 3;
  return {
    async read(params, images, count) {
      const labels = new Int32Array(count);
      const features = new Float32Array(count * FEATURES);
      for (let from = 0; from < count; from += BATCH) {
        const here = Math.min(BATCH, count - from);
        const bytes = new Uint8Array(BATCH * size);
        bytes.set(images.subarray(from * size, (from + here) * size));
        const result = await run(params, scaleImages(bytes, [-1, 1]));
        labels.set(((await result.labels.data()) as Int32Array).subarray(0, here), from);
        features.set(
          ((await result.features.data()) as Float32Array).subarray(0, here * FEATURES),
          from * FEATURES,
        );
        tf.dispose(result);
      }
      return { labels, features };
    },
    dispose: () => run.dispose(),
  };
}
