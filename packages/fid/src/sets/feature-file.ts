/**
 * The features of a set on disk: safetensors with `features`, `[n, dims]`, and how they were computed. What statistics
 * keep only up to n = dims, and KID and its like need at any n.
 */

import { fromFloat32, readCheckpoint, toFloat32, writeSafetensors } from "@touchstone/nn";
import type { Samples } from "../samples/index.ts";
import { MAX_DIMS, statisticsOf } from "../statistics/index.ts";
import { type Fingerprint, InvalidStatisticsError, parseFingerprint } from "../stats-file/index.ts";
import type { FeatureSet } from "./feature-set.ts";

const FINGERPRINT = "fingerprint";
const NAMES = "names";

export interface FeatureFile {
  features: Samples;
  fingerprint: Fingerprint;
  /** Of the images, one for each row. */
  names?: string[];
  /** How numbers are stored, rounded to nearest. Default float32: as they are. */
  dtype?: "float32" | "float16";
}

/** Atomically. @throws CheckpointWriteError */
export async function writeFeatureFile(
  path: string,
  { features: { data, count, dims }, fingerprint, names, dtype = "float32" }: FeatureFile,
): Promise<void> {
  await writeSafetensors(path, {
    tensors: new Map([["features", { dtype, shape: [count, dims], data: fromFloat32(data, dtype) }]]),
    metadata: {
      [FINGERPRINT]: JSON.stringify(fingerprint),
      ...(names && { [NAMES]: JSON.stringify(names) }),
    },
  });
}

/** @throws what `readCheckpoint` throws; InvalidStatisticsError if it is a file of something else */
export async function readFeatureFile(
  path: string,
): Promise<FeatureSet & { features: Samples; fingerprint: Fingerprint }> {
  const { tensors, metadata } = await readCheckpoint(path);
  const tensor = tensors.get("features");
  const [count, dims] = tensor?.shape ?? [];
  if (tensor?.shape.length !== 2 || count === undefined || dims === undefined) {
    const found = tensor ? `[${tensor.shape.join(", ")}]` : [...tensors.keys()].join(", ") || "nothing";
    throw new InvalidStatisticsError(path, "features [n, dims]", found);
  }
  if (count < 2 || dims > MAX_DIMS) {
    const expected = `features of at least 2 images, up to ${MAX_DIMS} of each`;
    throw new InvalidStatisticsError(path, expected, `${count} x ${dims}`);
  }
  const fingerprint = parseFingerprint(parsed(metadata[FINGERPRINT]), path);
  if (fingerprint.n !== count || fingerprint.dims !== dims) {
    const expected = `${fingerprint.n} x ${fingerprint.dims} features, as their fingerprint says`;
    throw new InvalidStatisticsError(path, expected, `${count} x ${dims}`);
  }
  const data = toFloat32(tensor);
  if (!data) throw new InvalidStatisticsError(path, "features in floating point", tensor.dtype);
  const bad = data.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    const found = `${data[bad]} in row ${Math.floor(bad / dims)}, column ${bad % dims}`;
    throw new InvalidStatisticsError(path, "finite features", found);
  }
  const features = { data, count, dims };
  const names = parsed(metadata[NAMES]);
  const isNamed =
    Array.isArray(names) && names.length === count && names.every((name) => typeof name === "string");
  return {
    path,
    statistics: statisticsOf(features),
    fingerprint,
    features,
    ...(isNamed && { names }),
    skipped: [],
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
