/** The network's parameters from a file of weights, through a converted copy in the cache. */

import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Checkpoint,
  type HostTensor,
  loadParams,
  type Params,
  readCheckpoint,
  writeSafetensors,
} from "@touchstone/nn";
import { convertWeights } from "./convert.ts";
import { PartialWeightsError, UnknownWeightsError } from "./errors.ts";
import { type WeightsFile, weightsFolder } from "./find-weights.ts";
import { CONVERTED, formOf, graphConstants } from "./forms.ts";
import { looksLikeGraph, readConstants } from "./graph-def.ts";
import { INCEPTION_DIMS, inceptionSpecs, type Tap } from "./network.ts";
import { weightsIdentity } from "./original-weights.ts";

/** Part of the name of converted copies: to be changed with what `convertWeights` computes. */
const CONVERSION = "1";

export interface InceptionWeights {
  params: Params;
  /** Of the original file, hexadecimal, also where a converted copy of it was read; see `weightsIdentity`. */
  sha256: string;
}

/**
 * The parameters that the network needs up to the deepest of `taps`.
 *
 * @throws UnknownWeightsError, InvalidGraphError, PartialWeightsError; CheckpointMismatchError and what `readCheckpoint` throws
 */
export async function loadWeights(file: WeightsFile, taps: readonly Tap[]): Promise<InceptionWeights> {
  const { tensors, sha256 } = (await cachedCopy(file)) ?? (await converted(file));
  const specs = inceptionSpecs(taps);
  const missing = missingFrom(tensors, taps);
  if (missing.length > 0) {
    const enough = INCEPTION_DIMS.filter((dims) => missingFrom(tensors, [dims]).length === 0);
    throw new PartialWeightsError(file.path, wanted(taps), missing, enough);
  }
  return {
    params: loadParams(specs, { path: file.path, tensors }, { strict: false }),
    sha256: weightsIdentity(sha256),
  };
}

interface Converted {
  tensors: ReadonlyMap<string, HostTensor>;
  sha256: string;
}

const copyOf = ({ sha256 }: WeightsFile) => join(weightsFolder(), `${sha256}-${CONVERSION}.safetensors`);

async function cachedCopy(file: WeightsFile): Promise<Converted | undefined> {
  const copy = await readCheckpoint(copyOf(file)).catch(() => undefined); // Not there, or damaged: it is made anew.
  if (copy?.metadata.sourceSha256 !== file.sha256) return undefined;
  return { tensors: copy.tensors, sha256: file.sha256 };
}

async function converted(file: WeightsFile): Promise<Converted> {
  const { path } = file;
  const { tensors, metadata } = await readTensors(path);
  const form = formOf(tensors);
  if (form === undefined) throw new UnknownWeightsError(path, contentsOf(tensors));
  const result = convertWeights(tensors, form, path);
  if (form === CONVERTED) {
    const source = metadata.sourceSha256;
    return { tensors: result, sha256: source && /^[0-9a-f]{64}$/.test(source) ? source : file.sha256 };
  }
  await keep(file, result);
  return { tensors: result, sha256: file.sha256 };
}

async function readTensors(path: string): Promise<Pick<Checkpoint, "tensors" | "metadata">> {
  if (!looksLikeGraph(await beginningOf(path))) return readCheckpoint(path);
  return { tensors: readConstants(await readFile(path), graphConstants(), path), metadata: {} };
}

async function beginningOf(path: string): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A cache that cannot be written only costs time. */
async function keep(file: WeightsFile, tensors: ReadonlyMap<string, HostTensor>): Promise<void> {
  try {
    await mkdir(weightsFolder(), { recursive: true });
    await writeSafetensors(copyOf(file), { tensors, metadata: { sourceSha256: file.sha256 } });
  } catch (error) {
    process.emitWarning(
      `Converted weights are not kept, and made anew each time: ${(error as Error).message}`,
      {
        code: "FID_WEIGHTS_NOT_KEPT",
      },
    );
  }
}

function missingFrom(tensors: ReadonlyMap<string, HostTensor>, taps: readonly Tap[]): string[] {
  return Object.keys(inceptionSpecs(taps)).filter((name) => !tensors.has(name));
}

function wanted(taps: readonly Tap[]): string {
  return taps.map((tap) => (tap === "logits" ? "the logits" : `${tap} features`)).join(" and ");
}

function contentsOf(tensors: ReadonlyMap<string, HostTensor>): string {
  if (tensors.size === 0) return "none of them";
  const names = [...tensors.keys()].slice(0, 3).join(", ");
  return tensors.size > 3 ? `${names} and ${tensors.size - 3} more` : names;
}
