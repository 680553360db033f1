/** `openFaceEmbedding(options)`: describes faces by 128 numbers, near for faces of one person. */

import * as tf from "@tensorflow/tfjs";
import { type Device, jit } from "@touchstone/jit";
import { runBatched } from "../batches.ts";
import { RESIZE, resizeTo } from "../images/fit.ts";
import { type RgbImage, requireImages } from "../images/rgb-image.ts";
import { readWeights, type WeightsFile } from "../weights/read-weights.ts";
import { DIMS, FACE_SIDE, faceEmbedding } from "./network.ts";

export interface FaceEmbeddingOptions {
  device?: Device | "auto";
  /** Threads of one run on the CPU; default: one for each core. */
  threads?: number;
}

/** A feature space of faces; it suits `@touchstone/fid`'s `Extractor`. */
export interface FaceEmbedding {
  readonly protocol: {
    extractor: string;
    version: string;
    weightsSha256: string;
    resize: string;
    dims: number;
  };
  /** What the Frechet distance of its features is called. */
  readonly distance: string;
  /**
   * `[n, 128]`. Images of any sizes are taken whole, as tight crops of faces, and brought to 150 x 150 with PIL's bilinear filter,
   * whatever their shape; calls may overlap. The same image always gives the same numbers.
   *
   * @throws InvalidImageError; NonFiniteOutputError
   */
  extract(images: readonly RgbImage[]): Promise<{ features: Float32Array }>;
  dispose(): Promise<void>;
}

export const EMBEDDING_WEIGHTS: WeightsFile = {
  model: "face_recognition_model",
  sha256: "c2cf51e45a1f96cf2ba75d6b588dc259d7f602a813ff6efbeba4884d7359fad1",
};

const BATCH = 16;

/** @throws MissingWeightsError, CorruptWeightsError; DeviceUnavailableError at the first call */
export async function openFaceEmbedding(options: FaceEmbeddingOptions = {}): Promise<FaceEmbedding> {
  const { device = "cpu", threads } = options;
  const params = await readWeights(EMBEDDING_WEIGHTS);
  const forward = jit(
    (pixels: tf.Tensor) => {
      const images = tf.reshape(tf.cast(pixels, "float32"), [BATCH, FACE_SIDE, FACE_SIDE, 3]);
      return faceEmbedding(params, images as tf.Tensor4D); // [b, 128]
    },
    { device, ...(threads === undefined ? {} : { threads }) },
  );
  const network = {
    name: "Face embedding",
    batch: BATCH,
    forward,
    inputLength: FACE_SIDE ** 2 * 3,
    outputLength: DIMS,
  };
  const size = { height: FACE_SIDE, width: FACE_SIDE };

  return {
    protocol: {
      extractor: "face-api-face-recognition",
      version: "1",
      weightsSha256: EMBEDDING_WEIGHTS.sha256,
      resize: RESIZE,
      dims: DIMS,
    },
    distance: "FD(face)",
    async extract(images) {
      requireImages(images);
      const features = await runBatched(network, images.length, (i, into) => {
        into.set(resizeTo(images[i]!, size));
      });
      return { features };
    },
    async dispose() {
      await forward.dispose();
      tf.dispose(params);
    },
  };
}
