/**
 * The format of torch.save before PyTorch 1.6: pickles of a magic number, the format's version, the machine's properties, the
 * object and the storages' names; then, for each storage, its number of elements (int64) and its bytes.
 */

import type { CheckpointFile } from "../checkpoint-file.ts";
import { InvalidCheckpointError, UnsupportedCheckpointError } from "../errors.ts";
import { bytesPerElement } from "../host-tensor.ts";
import type { PickleWorld } from "../pickle/machine.ts";
import { unpickle } from "../pickle/unpickle.ts";
import { Dict, kindOf, type Value } from "../pickle/values.ts";
import type { Extent, TorchFile } from "./torch-file.ts";
import type { Storage } from "./values.ts";
import { torchWorld } from "./world.ts";

const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn;
const PROTOCOL_VERSION = 1001;
/** The pickles stand at the front; see MAX_PICKLE_BYTES of the zip format. */
const MAX_HEAD_BYTES = 64 << 20;

/** @throws InvalidCheckpointError, UnsupportedCheckpointError, UnsafePickleError */
export async function openLegacy(file: CheckpointFile): Promise<TorchFile> {
  const head = await file.read(0, Math.min(file.size, MAX_HEAD_BYTES), "the pickles at the front");
  const storages = new Map<string, Storage>();
  const world = remembering(torchWorld(file.path), storages, file.path);
  let position = 0;
  const next = (): Value => {
    const { value, end } = unpickle(head, position, world, file.path);
    position = end;
    return value;
  };
  if (next() !== MAGIC_NUMBER) {
    const remedy = "Store tensors with torch.save(model.state_dict(), path), or as safetensors.";
    throw new UnsupportedCheckpointError(file.path, "a pickle that torch.save did not write", remedy);
  }
  const version = next();
  if (version !== PROTOCOL_VERSION) {
    throw new InvalidCheckpointError(file.path, `the format's version ${PROTOCOL_VERSION}`, kindOf(version));
  }
  const machine = next();
  if (machine instanceof Dict && machine.entries.get("little_endian") === false) {
    throw new UnsupportedCheckpointError(file.path, "numbers in big-endian order", "Store it little-endian.");
  }
  const root = next();
  const extents = await locateAll(file, next(), storages, position);
  return { root, locate: async (key) => extents.get(key) };
}

/** The same world, which notes each storage it is asked for. */
function remembering(world: PickleWorld, storages: Map<string, Storage>, path: string): PickleWorld {
  return {
    global: world.global,
    persistent: (id) => {
      const storage = world.persistent(id) as Storage;
      const known = storages.get(storage.key);
      if (known !== undefined && (known.dtype !== storage.dtype || known.byteLength !== storage.byteLength)) {
        throw new InvalidCheckpointError(path, `the storage "${storage.key}" of one type and size`, "two");
      }
      storages.set(storage.key, storage);
      return storage;
    },
  };
}

async function locateAll(
  file: CheckpointFile,
  keys: Value,
  storages: Map<string, Storage>,
  start: number,
): Promise<Map<string, Extent>> {
  const extents = new Map<string, Extent>();
  if (!Array.isArray(keys)) throw new InvalidCheckpointError(file.path, "a list of storages", kindOf(keys));
  let position = start;
  for (const key of keys) {
    const storage = typeof key === "string" ? storages.get(key) : undefined;
    if (storage === undefined || extents.has(storage.key)) {
      throw new InvalidCheckpointError(file.path, "the names of the storages in use, each once", kindOf(key));
    }
    const what = `the storage "${storage.key}"`;
    const count = await file.read(position, 8, what);
    const elements = new DataView(count.buffer).getBigInt64(0, true);
    const { byteLength, dtype } = storage;
    const width = dtype === "untyped" ? 1 : bytesPerElement(dtype);
    if (elements * BigInt(width) !== BigInt(byteLength)) {
      throw new InvalidCheckpointError(file.path, `${what} of ${byteLength / width} elements`, `${elements}`);
    }
    extents.set(storage.key, { position: position + 8, byteLength });
    position += 8 + byteLength;
  }
  if (position > file.size) {
    throw new InvalidCheckpointError(
      file.path,
      `storages up to byte ${position}`,
      `the file's end at byte ${file.size}`,
    );
  }
  return extents;
}
