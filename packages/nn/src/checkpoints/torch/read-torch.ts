/** A PyTorch file's tensors, each read from its own range of the file. */

import { sizeOf } from "../../shape.ts";
import type { CheckpointFile } from "../checkpoint-file.ts";
import { InvalidCheckpointError } from "../errors.ts";
import { bytesPerElement, type HostTensor, viewAs } from "../host-tensor.ts";
import { contiguousStrides, extent, gather } from "../strided.ts";
import { selectStateDict } from "./state-dict.ts";
import type { TorchFile } from "./torch-file.ts";
import type { TensorView } from "./values.ts";

/**
 * Tensors may share storages, so together they can be larger than the file, and so can the ranges that must be read for them;
 * many times larger is made to harm: views expanded with a stride of 0, or thousands of them over all of a storage.
 */
const MAX_EXPANSION = 8;

export interface TorchTensors {
  tensors: Map<string, HostTensor>;
  /** Numbers, strings and booleans beside the state dict, such as `epoch`, as text. */
  metadata: Record<string, string>;
}

/** @param stateDict which state dict, where a file has several  @throws InvalidCheckpointError, StateDictError */
export async function readTensors(
  file: CheckpointFile,
  torchFile: TorchFile,
  stateDict: string | undefined,
): Promise<TorchTensors> {
  const { views, metadata } = selectStateDict(file.path, torchFile.root, stateDict);
  refuseExpansion(file, views);
  const tensors = new Map<string, HostTensor>();
  for (const [name, view] of views) tensors.set(name, await readView(file, torchFile, name, view));
  return { tensors, metadata };
}

function refuseExpansion(file: CheckpointFile, views: Map<string, TensorView>): void {
  const limit = MAX_EXPANSION * file.size;
  let total = 0;
  for (const [name, { shape, strides, dtype }] of views) {
    total += Math.max(sizeOf(shape), extent(shape, strides)) * bytesPerElement(dtype);
    if (total > limit) {
      const expected = `tensors of at most ${limit} bytes, ${MAX_EXPANSION} times the file`;
      throw new InvalidCheckpointError(
        file.path,
        expected,
        `${total} bytes up to "${name}" of shape [${shape}]`,
      );
    }
  }
}

async function readView(
  file: CheckpointFile,
  torchFile: TorchFile,
  name: string,
  { storage, dtype, offset, shape, strides }: TensorView,
): Promise<HostTensor> {
  const what = `the tensor "${name}"`;
  const place = await torchFile.locate(storage.key);
  if (place === undefined) {
    throw new InvalidCheckpointError(
      file.path,
      `the storage "${storage.key}" of ${what}`,
      "none of that name",
    );
  }
  if (place.byteLength !== storage.byteLength) {
    const expected = `${storage.byteLength} bytes in the storage "${storage.key}" of ${what}`;
    throw new InvalidCheckpointError(file.path, expected, `${place.byteLength}`);
  }
  const width = bytesPerElement(dtype);
  const bytes = await file.read(place.position + offset * width, extent(shape, strides) * width, what);
  const data = viewAs(dtype, bytes);
  return { dtype, shape, data: isContiguous(shape, strides) ? data : gather(data, shape, strides) };
}

/** An axis of size 1 may have any stride. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  return contiguousStrides(shape).every((stride, axis) => shape[axis]! === 1 || stride === strides[axis]);
}
