/** Strided views: what PyTorch stores of a transposed, sliced or expanded tensor. */

import { sizeOf } from "../shape.ts";
import type { HostArray } from "./host-tensor.ts";

/** Row-major strides of a shape, in elements. */
export function contiguousStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** One more than the furthest element that a view from 0 with these strides (0 or more) touches; 0 for an empty view. */
export function extent(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((furthest, size, axis) => furthest + (size - 1) * strides[axis]!, 1);
}

/** A row-major copy of the view of `source` from its element 0 with these strides, whose extent `source` has. */
export function gather<T extends HostArray>(
  source: T,
  shape: readonly number[],
  strides: readonly number[],
): T {
  const out = new (source.constructor as new (length: number) => T)(sizeOf(shape));
  const outer = shape.slice(0, -1);
  const width = shape.at(-1) ?? 1;
  const step = strides.at(-1) ?? 1;
  const index = outer.map(() => 0);
  let start = 0;
  for (let at = 0; at < out.length; ) {
    for (let i = 0, from = start; i < width; i++, from += step) out[at++] = source[from]!;
    // On to the next row as an odometer turns.
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      start += strides[axis]!;
      if (++index[axis]! < outer[axis]!) break;
      start -= strides[axis]! * outer[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}
