/** A strided slice with its masks resolved: what its kernel and its gradient both start from. */

import * as tf from "@tensorflow/tfjs";

export interface StridedSliceAttrs {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

export function resolveStridedSlice(shape: readonly number[], attrs: StridedSliceAttrs) {
  return tf.slice_util.sliceInfo(
    [...shape],
    attrs.begin,
    attrs.end,
    attrs.strides,
    attrs.beginMask,
    attrs.endMask,
    attrs.ellipsisMask,
    attrs.newAxisMask,
    attrs.shrinkAxisMask,
  );
}
