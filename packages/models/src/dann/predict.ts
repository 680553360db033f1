/** Reads a folder or zip of digits: a label for each image, and on request its features. */

import type { Work } from "@touchstone/cli";
import { type ImageSource, type Problem, resizeBilinear, streamImages } from "@touchstone/datasets";
import type { JitOptions } from "@touchstone/jit";
import { type Checkpoint, loadParams, type Params } from "@touchstone/nn";
import { dannSpecs, digitReaderSpecs, FEATURES, SIDE } from "./model.ts";
import { BATCH, dannReader } from "./reader.ts";

export interface Predictions {
  /** In the natural order of the files' names. */
  names: string[];
  /** 0 to 9, [n]. */
  labels: Int32Array;
  /** Row by row, [n, 512]; undefined unless asked for. */
  features?: Float32Array;
  /** Every file that is not among the names, and why. */
  problems: Problem[];
}

export interface PredictOptions {
  /** Also keeps the features, 2 KiB an image. Default false. */
  features?: boolean;
  /** Where the network runs. */
  engine?: JitOptions;
  signal?: AbortSignal;
}

/**
 * The parameters of a network in a checkpoint: of this package, or PyTorch's of the same architecture, with its domain classifier or without.
 *
 * @throws CheckpointMismatchError
 */
export function loadDann(checkpoint: Pick<Checkpoint, "path" | "tensors">): Params {
  const isWhole = [...checkpoint.tensors.keys()].some((name) => name.startsWith("domain_classifier."));
  return loadParams(isWhole ? dannSpecs : digitReaderSpecs, checkpoint);
}

/**
 * Images of any size are brought to 28 x 28 by PIL's bilinear filter. A file that cannot be read gets no label, which would be made up: it
 * is among the problems, and the others are read all the same.
 *
 * @param source closed by the caller  @param params not disposed
 * @throws the signal's reason
 */
export async function* predict(
  source: ImageSource,
  params: Params,
  { features: wantsFeatures = false, engine = {}, signal }: PredictOptions = {},
): Work<Predictions> {
  const total = source.entries.length;
  const names: string[] = [];
  const labels = new Int32Array(total);
  const features = wantsFeatures ? new Float32Array(total * FEATURES) : undefined;
  const problems = [...source.problems];
  const size = SIDE * SIDE * 3;
  const bytes = new Uint8Array(BATCH * size);
  let pending = 0;
  const reader = dannReader(engine);
  const readPending = async () => {
    const read = await reader.read(params, bytes, pending);
    const from = names.length - pending;
    labels.set(read.labels, from);
    features?.set(read.features, from * FEATURES);
    pending = 0;
  };

  try {
    const stream = streamImages(source, {
      expectedSize: { height: SIDE, width: SIDE },
      resize: resizeBilinear,
      ...(signal && { signal }),
    });
    let done = 0;
    for await (const { name, image, problem } of stream) {
      if (image) {
        bytes.set(image.data, pending * size);
        names.push(name);
        if (++pending === BATCH) await readPending();
      } else problems.push(problem);
      yield { label: "reading digits", done: ++done, total, unit: "images" };
    }
    await readPending();
  } finally {
    await reader.dispose();
  }
  const count = names.length;
  return {
    names,
    labels: labels.subarray(0, count),
    ...(features && { features: features.subarray(0, count * FEATURES) }),
    problems,
  };
}
