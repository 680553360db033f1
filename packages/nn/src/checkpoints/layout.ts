/**
 * Between PyTorch's layout (on disk) and ours (in memory): filters of convolutions are OIHW there and HWIO here, those of
 * transposed convolutions IOHW there and HWOI here. Both are the same move of axes; tensors of any other rank stay as they are.
 */

import type { HostArray } from "./host-tensor.ts";
import { contiguousStrides, gather } from "./strided.ts";

/** In memory, axis i is axis MEMORY_AXES[i] on disk. */
const MEMORY_AXES = [2, 3, 1, 0];
const DISK_AXES = [3, 2, 0, 1];

export function diskShape(memoryShape: readonly number[]): readonly number[] {
  return permuted(memoryShape, DISK_AXES);
}

export function memoryShape(diskShape: readonly number[]): readonly number[] {
  return permuted(diskShape, MEMORY_AXES);
}

/** @param shape on disk */
export function toMemory<T extends HostArray>(data: T, shape: readonly number[]): T {
  return shape.length === 4 ? move(data, shape, MEMORY_AXES) : data;
}

/** @param shape in memory */
export function toDisk<T extends HostArray>(data: T, shape: readonly number[]): T {
  return shape.length === 4 ? move(data, shape, DISK_AXES) : data;
}

function move<T extends HostArray>(data: T, shape: readonly number[], axes: readonly number[]): T {
  return gather(data, permuted(shape, axes), permuted(contiguousStrides(shape), axes));
}

function permuted(sizes: readonly number[], axes: readonly number[]): readonly number[] {
  return sizes.length === 4 ? axes.map((axis) => sizes[axis]!) : sizes;
}
