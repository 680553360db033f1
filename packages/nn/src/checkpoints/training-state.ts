/** Everything a training run needs to go on where it stopped: tensors, numbers, strings, in one safetensors file. */

import * as tf from "@tensorflow/tfjs";
import { withCheckpointFile } from "./checkpoint-file.ts";
import { CheckpointMismatchError, InvalidCheckpointError } from "./errors.ts";
import type { HostTensor } from "./host-tensor.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import { decodeTree, encodeTree } from "./state-tree.ts";
import { toHost } from "./tf-tensor.ts";

const VERSION_KEY = "touchstone.training-state";
const VERSION = "1";

/**
 * Writes a tree of plain objects and arrays whose leaves are tensors, numbers (of any value), strings, booleans and null,
 * such as `{ params, optimizer, ema, step, generator: generator.state() }`. Atomic: a run that is killed while it writes
 * leaves the state before. The same tree gives the same bytes.
 *
 * A tensor's name in the file is its path, joined with dots: `loadParams(specs, await readCheckpoint(path), { prefix: "ema" })`
 * gets a model out of it. Rank-4 tensors have PyTorch's layout there, as in every checkpoint.
 *
 * @returns the file's SHA-256  @throws UnstorableError, CheckpointWriteError
 */
export async function saveTrainingState(path: string, state: object): Promise<string> {
  const { json, tensors } = encodeTree(state);
  const stored = new Map<string, HostTensor>();
  for (const [name, tensor] of tensors) stored.set(name, await toHost(name, tensor));
  return writeSafetensors(path, { tensors: stored, metadata: { [VERSION_KEY]: VERSION, tree: json } });
}

/**
 * The state that was saved. It must have the structure of `like`, a state as a new run would begin with: the same names, tensors
 * of the same shapes and types, scalars of the same types, lists of the same lengths. Where `like` has null, anything may be;
 * where it has an empty list, any list. `like` itself is left alone.
 *
 * @throws CheckpointFileError, InvalidCheckpointError, or CheckpointMismatchError with every difference
 */
export async function loadTrainingState<T extends object>(path: string, like: T): Promise<T> {
  const { tensors, metadata } = await withCheckpointFile(path, readSafetensors);
  const { [VERSION_KEY]: version, tree } = metadata;
  if (version !== VERSION || tree === undefined) {
    const found = version === undefined ? "another kind of file" : `version ${version}`;
    throw new InvalidCheckpointError(path, `a training state of version ${VERSION}`, found);
  }
  // Tidy: no tensor is left behind when this throws.
  const state: object = tf.tidy(() => {
    const decoded = decodeTree(tree, tensors, like, path);
    if (decoded.mismatches.length === 0) return decoded.tree as tf.TensorContainer & object;
    throw new CheckpointMismatchError(path, "the state that a new run begins with", decoded.mismatches);
  });
  return state as T;
}
