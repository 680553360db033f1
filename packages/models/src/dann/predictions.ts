/** What was predicted, as files: the homework's table of labels, and features for t-SNE. */

import { replaceFile, writeSafetensors } from "@touchstone/nn";
import { PredictionsWriteError } from "./errors.ts";
import { FEATURES } from "./model.ts";
import type { Predictions } from "./predict.ts";

/**
 * Writes the header `image_name,label` and a row for each image. Atomic: under `path` there is at every moment a complete table, the one
 * before or this one.
 *
 * @throws PredictionsWriteError
 */
export async function writeLabels(
  path: string,
  { names, labels }: Pick<Predictions, "names" | "labels">,
): Promise<void> {
  const rows = names.map((name, i) => `${field(name)},${labels[i]}\n`);
  const table = Buffer.from(`image_name,label\n${rows.join("")}`);
  await replaceFile(path, [table]).catch((cause) => {
    throw new PredictionsWriteError(path, cause);
  });
}

/** Quoted where a name would not come back as it is (RFC 4180; readers cut off spaces and byte order marks). */
function field(name: string): string {
  return /[",\r\n]|^[\s\ufeff]|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

/**
 * Writes a safetensors file with `features`, float32 [n, 512], `labels`, int32 [n], as they were predicted, and in its metadata the `names`,
 * a JSON list. Python reads it with `safetensors.numpy.load_file(path)["features"]`. Atomic.
 *
 * @returns the file's SHA-256  @throws CheckpointWriteError
 */
export function writeFeatures(
  path: string,
  { names, labels, features }: Required<Omit<Predictions, "problems">>,
): Promise<string> {
  const tensors = new Map([
    ["features", { dtype: "float32" as const, shape: [names.length, FEATURES], data: features }],
    ["labels", { dtype: "int32" as const, shape: [names.length], data: labels }],
  ]);
  return writeSafetensors(path, { tensors, metadata: { names: JSON.stringify(names) } });
}
