/** Reads a checkpoint of any format that is known by its content, whatever the file's name. */

import { type CheckpointFile, withCheckpointFile } from "./checkpoint-file.ts";
import { StateDictError, UnsupportedCheckpointError } from "./errors.ts";
import type { HostTensor } from "./host-tensor.ts";
import { readSafetensors } from "./safetensors.ts";
import { openLegacy } from "./torch/legacy.ts";
import { readTensors } from "./torch/read-torch.ts";
import { openZip } from "./torch/zip.ts";

export interface Checkpoint {
  path: string;
  format: "safetensors" | "torch-zip" | "torch-legacy";
  /** Of the whole file, hexadecimal. */
  sha256: string;
  /** What stands beside the tensors: safetensors' metadata; a PyTorch file's numbers and strings, such as `epoch`, as text. */
  metadata: Record<string, string>;
  /** Under PyTorch's names, without a wrapper's prefix; in the layout of the file, which is PyTorch's. */
  tensors: ReadonlyMap<string, HostTensor>;
}

export interface ReadCheckpointOptions {
  /**
   * Which state dict of a PyTorch file that has several: the names that lead to it, joined with dots, or "." for the outermost
   * dict. Without it, the entry `state_dict`, `model_state_dict` or `model` is taken, or else the only dict with tensors.
   */
  stateDict?: string;
}

/** What DataParallel and torch.compile put before each name. */
const WRAPPERS = ["module.", "_orig_mod."];
/** The opcode with which pickles begin. */
const PICKLE_PROTO = 0x80;

/**
 * Reads a safetensors file, or what `torch.save` wrote (of either format; nothing in it is executed).
 *
 * @throws CheckpointFileError, InvalidCheckpointError, UnsupportedCheckpointError, UnsafePickleError, StateDictError
 */
export async function readCheckpoint(
  path: string,
  { stateDict }: ReadCheckpointOptions = {},
): Promise<Checkpoint> {
  return withCheckpointFile(path, async (file) => {
    const format = await formatOf(file);
    const { tensors, metadata } = await readAs(format, file, stateDict);
    return { path, format, sha256: await file.sha256(), metadata, tensors: unwrapped(tensors) };
  });
}

async function readAs(format: Checkpoint["format"], file: CheckpointFile, stateDict: string | undefined) {
  if (format === "torch-zip") return readTensors(file, await openZip(file), stateDict);
  if (format === "torch-legacy") return readTensors(file, await openLegacy(file), stateDict);
  if (stateDict !== undefined) {
    throw new StateDictError(
      file.path,
      `found no state dict "${stateDict}": a safetensors file is a single one`,
      [],
    );
  }
  return readSafetensors(file);
}

/** Files that are often taken for checkpoints: a pattern near their start, what they are, and what to do. */
const STRANGERS: [RegExp, string, string][] = [
  [/^version https:\/\/git-lfs/, "a Git LFS pointer", "Fetch the file itself: git lfs pull."],
  [
    /^\s*<(!doctype|html|\?xml)/i,
    "a web page",
    "The download failed or needs a login; fetch the file itself.",
  ],
  [/^\x89HDF/, "an HDF5 file", "Convert it to safetensors."],
  [/^\x93NUMPY/, "a NumPy array", "Convert it to safetensors."],
  [/^.\x8b/s, "a gzip archive", "Unpack it first."],
  [/^.{257}ustar/s, "a tar archive, as PyTorch wrote before 0.2", "Load it in PyTorch and save it again."],
];

async function formatOf(file: CheckpointFile): Promise<Checkpoint["format"]> {
  const start = await file.read(0, Math.min(file.size, 512), "the file's start");
  const text = Buffer.from(start).toString("latin1");
  // First, because it begins with a length, which may look like anything; neither of the others can have a brace there.
  if (text[8] === "{") return "safetensors";
  if (text.startsWith("PK\x03\x04")) return "torch-zip";
  if (start[0] === PICKLE_PROTO) return "torch-legacy";
  const [, found, remedy] = STRANGERS.find(([pattern]) => pattern.test(text)) ?? [
    undefined,
    `a file that begins with the bytes ${Buffer.from(start.subarray(0, 8)).toString("hex")}`,
    "Checkpoints are safetensors files, or written by torch.save.",
  ];
  throw new UnsupportedCheckpointError(file.path, found, remedy);
}

/** The same tensors without the wrappers' prefixes that all their names have. */
function unwrapped(tensors: Map<string, HostTensor>): Map<string, HostTensor> {
  const names = [...tensors.keys()];
  const wrapper = WRAPPERS.find(
    (prefix) => names.length > 0 && names.every((name) => name.startsWith(prefix)),
  );
  if (wrapper === undefined) return tensors;
  return unwrapped(new Map(Array.from(tensors, ([name, tensor]) => [name.slice(wrapper.length), tensor])));
}
