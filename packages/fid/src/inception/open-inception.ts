/** The FID Inception network as an extractor. */

import * as tf from "@tensorflow/tfjs";
import type { Work } from "@touchstone/cli";
import { type Device, jit } from "@touchstone/jit";
import { INCEPTION } from "../extractors/distance-name.ts";
import { NonFiniteOutputError } from "../extractors/errors.ts";
import type { Extractor } from "../extractors/extractor.ts";
import { createResizer, EXTRACTOR_SIZE, RESIZED_LENGTH, type ResizeMode } from "../resize/index.ts";
import { MetricOptionError } from "../samples/errors.ts";
import { requireWhole } from "../samples/options.ts";
import { type FindWeightsOptions, findWeights } from "./find-weights.ts";
import { loadWeights } from "./load-weights.ts";
import { INCEPTION_DIMS, type InceptionDims, inception, type Tap } from "./network.ts";

export interface InceptionOptions extends FindWeightsOptions {
  /** Features of an image: 64, 192, 768 or 2048. Default 2048, those of a FID. */
  dims?: number;
  /** Also give the classifier's logits, for the Inception Score. */
  logits?: boolean;
  /** How images are brought to 299 x 299. Default `pytorch`. */
  resize?: ResizeMode;
  /** Default `cpu`. */
  device?: Device | "auto";
  /** Threads on the CPU; default: one for each core. */
  threads?: number;
  /** Images that go through the network at once, padded up to so many. Default 32. */
  batchSize?: number;
}

const DEFAULT_DIMS = 2048;
const DEFAULT_BATCH_SIZE = 32;

/**
 * Opens the network; progress is that of the download, where one is needed.
 *
 * @throws MetricOptionError, UnknownResizeModeError; what `findWeights` and `loadWeights` throw. `extract` throws InvalidImageError and
 *   NonFiniteOutputError
 */
export async function* openInception(options: InceptionOptions = {}): Work<Extractor> {
  const { dims = DEFAULT_DIMS, resize: mode = "pytorch", batchSize = DEFAULT_BATCH_SIZE } = options;
  if (!isDims(dims)) throw new MetricOptionError("dims", `one of ${INCEPTION_DIMS.join(", ")}`, dims);
  requireWhole("batchSize", batchSize, 1);
  const resize = createResizer(mode);
  const taps: Tap[] = options.logits ? [dims, "logits"] : [dims];

  const file = yield* findWeights(options);
  const { params, sha256 } = await loadWeights(file, taps);
  const { device = "cpu", threads } = options;
  const forward = jit(
    (pixels: tf.Tensor) => {
      const images = tf.reshape(pixels, [batchSize, EXTRACTOR_SIZE, EXTRACTOR_SIZE, 3]) as tf.Tensor4D;
      return inception(params, images, { taps });
    },
    { device, ...(threads !== undefined && { threads }) },
  );
  /** Resized images, those of earlier batches overwritten: two batches at the same time need two. */
  const idle: Float32Array[] = [];

  return {
    protocol: { extractor: INCEPTION, version: "1", weightsSha256: sha256, resize: mode, dims },

    async extract(images) {
      const parts: Partial<Record<Tap, Float32Array>>[] = [];
      for (let from = 0; from < images.length; from += batchSize) {
        const batch = images.slice(from, from + batchSize);
        const pixels = idle.pop() ?? new Float32Array(batchSize * RESIZED_LENGTH);
        try {
          resize(batch, pixels);
          parts.push(await taken(await forward(pixels), batch.length));
        } finally {
          idle.push(pixels);
        }
      }
      const joined = (tap: Tap) => concatenated(parts.map((part) => part[tap]!));
      return { features: joined(dims), ...(options.logits && { logits: joined("logits") }) };
    },

    async dispose() {
      await forward.dispose();
      tf.dispose(params);
    },
  };
}

const isDims = (dims: number): dims is InceptionDims => INCEPTION_DIMS.includes(dims as InceptionDims);

/** The first `count` rows of each output, which is disposed. @throws NonFiniteOutputError */
async function taken(
  outputs: Partial<Record<Tap, tf.Tensor2D>>,
  count: number,
): Promise<Partial<Record<Tap, Float32Array>>> {
  const rows: Partial<Record<Tap, Float32Array>> = {};
  try {
    for (const [tap, output] of Object.entries(outputs)) {
      const values = ((await output.data()) as Float32Array).slice(0, count * output.shape[1]);
      const bad = values.find((x) => !Number.isFinite(x));
      if (bad !== undefined) throw new NonFiniteOutputError(INCEPTION, bad);
      rows[tap as Tap] = values;
    }
    return rows;
  } finally {
    tf.dispose(outputs);
  }
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
