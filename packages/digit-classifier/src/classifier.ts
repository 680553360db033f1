/** A trained network that reads digits: opened from a checkpoint, compiled once. */

import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { scaleImages } from "@touchstone/datasets";
import { type Device, jit } from "@touchstone/jit";
import { loadParams, readCheckpoint } from "@touchstone/nn";
import { type Network, networkOf } from "./networks/index.ts";

export interface ReadDigits {
  /** The digit that is most probable, [count]. */
  digits: Int32Array;
  /** Its probability, [count]. */
  probabilities: Float32Array;
  /** What the last layer sees, [count, dims]. */
  features: Float32Array;
}

export interface Classifier {
  network: Network;
  /** Of the checkpoint's file, hexadecimal. */
  sha256: string;
  /**
   * Reads images: uint8 RGB, [count, 28, 28, 3]. They go through the network in batches of one size, so that what an image is read
   * as depends on no other.
   */
  read(images: Uint8Array, count: number): Promise<ReadDigits>;
  dispose(): Promise<void>;
}

/** Our own classifier, trained by `pnpm train digit-classifier`; its card stands beside it. */
export const DEFAULT_CHECKPOINT = fileURLToPath(
  new URL("../checkpoints/mnist-m.safetensors", import.meta.url),
);

const DEFAULT_BATCH = 250;

export interface ClassifierOptions {
  device?: Device | "auto";
  /** Images that go through the network at once; fewer are padded up to so many. Default 250. */
  batch?: number;
}

/**
 * @param path safetensors, or a PyTorch file such as the homework's `Classifier.pth`
 * @throws UnknownNetworkError, and what `readCheckpoint` and `loadParams` throw
 */
export async function openClassifier(
  path: string = DEFAULT_CHECKPOINT,
  { device = "cpu", batch: size = DEFAULT_BATCH }: ClassifierOptions = {},
): Promise<Classifier> {
  const checkpoint = await readCheckpoint(path);
  const network = networkOf(checkpoint);
  const params = loadParams(network.specs, checkpoint);
  const { side, dims } = network;
  const forward = jit(
    (pixels: tf.Tensor) => {
      const { logits, features } = network.forward(params, tf.reshape(pixels, [size, side, side, 3]));
      const digits = tf.argMax(logits, 1); // [b]
      return { digits, probabilities: tf.max(tf.softmax(logits), 1), features };
    },
    { device },
  );

  return {
    network,
    sha256: checkpoint.sha256,
    async read(images, count) {
      const out: ReadDigits = {
        digits: new Int32Array(count),
        probabilities: new Float32Array(count),
        features: new Float32Array(count * dims),
      };
      const pixels = side * side * 3;
      for (let from = 0; from < count; from += size) {
        const taken = Math.min(size, count - from);
        const batch = new Float32Array(size * pixels);
        batch.set(scaleImages(images.subarray(from * pixels, (from + taken) * pixels), [-1, 1]));
        const result = await forward(batch);
        out.digits.set(((await result.digits.data()) as Int32Array).subarray(0, taken), from);
        out.probabilities.set(((await result.probabilities.data()) as Float32Array).subarray(0, taken), from);
        out.features.set(
          ((await result.features.data()) as Float32Array).subarray(0, taken * dims),
          from * dims,
        );
        tf.dispose(result);
      }
      return out;
    },
    async dispose() {
      await forward.dispose();
      tf.dispose(params);
    },
  };
}
