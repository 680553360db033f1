/** Reads the networks' weights out of the npm package `@vladmandic/face-api`: only its model files are used, none of its code. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { Params } from "@touchstone/nn";
import { CorruptWeightsError, MissingWeightsError } from "../errors.ts";

/** One of the package's networks. */
export interface WeightsFile {
  /** Its files are `<model>-weights_manifest.json` and `<model>.bin`. */
  model: string;
  /** Of the manifest followed by the bytes of the weights: `cat <model>-weights_manifest.json <model>.bin | sha256sum`. */
  sha256: string;
}

/** Where the package keeps its networks. */
export function modelFolder(): string {
  const { resolve } = createRequire(import.meta.url);
  return join(dirname(resolve("@vladmandic/face-api/package.json")), "model");
}

/**
 * The weights under the manifest's names, in TensorFlow's layouts (filters HWIO), as float32: stored are uint8 values v that stand for
 * `scale v + min`.
 *
 * @throws MissingWeightsError, CorruptWeightsError
 */
export async function readWeights(
  { model, sha256 }: WeightsFile,
  folder: string = modelFolder(),
): Promise<Params> {
  const manifest = await readModelFile(join(folder, `${model}-weights_manifest.json`));
  const path = join(folder, `${model}.bin`);
  const weights = await readModelFile(path);
  const found = createHash("sha256").update(manifest).update(weights).digest("hex");
  // Every figure of this package was measured with these weights; a byte off would change them silently.
  if (found !== sha256) throw new CorruptWeightsError(path, `SHA-256 ${sha256}, manifest included`, found);
  const groups = JSON.parse(manifest.toString("utf8")) as tf.io.WeightsManifestConfig;
  const specs = groups.flatMap((group) => group.weights);
  return tf.io.decodeWeights(Uint8Array.from(weights).buffer, specs);
}

async function readModelFile(path: string): Promise<Buffer> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new MissingWeightsError(path, cause);
  });
}
