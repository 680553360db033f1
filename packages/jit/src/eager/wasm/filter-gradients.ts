/** Gradients of convolutions by their filters, which tfjs's WebAssembly backend lacks, in operations that it has. */

import * as tf from "@tensorflow/tfjs";
import { type Axis, type ConvAttrs, convSpec, reach } from "../../kernels/conv/spec.ts";
import type { WrittenKernel } from "./call.ts";

type FilterGradientAttrs = ConvAttrs & { filterShape: [number, number, number, number] };
type FilterGradient = (x: tf.Tensor4D, dy: tf.Tensor4D, attrs: FilterGradientAttrs) => tf.Tensor;

/** dw[k] = x_k^T dy: one matrix product for each kernel tap, over the inputs that the tap saw. */
const ordinary: FilterGradient = (x, dy, attrs) => {
  const taps = tapInputs(x, attrs, false);
  const gradient = tf.reshape(dy, [-1, attrs.filterShape[3]]);
  const products = taps.map((tap) => tf.matMul(tf.reshape(tap, [-1, attrs.filterShape[2]]), gradient, true));
  return tf.reshape(tf.stack(products), attrs.filterShape);
};

/** dw[k, c, m] = sum over positions of x_k[c] dy[c, m]. */
const depthwise: FilterGradient = (x, dy, attrs) => {
  const [, , c, multiplier] = attrs.filterShape;
  const taps = tapInputs(x, attrs, true);
  const gradient = tf.reshape(dy, [-1, c, multiplier]);
  const sums = taps.map((tap) => tf.sum(tf.mul(tf.reshape(tap, [-1, c, 1]), gradient), 0));
  return tf.reshape(tf.stack(sums), attrs.filterShape);
};

/** For each kernel tap the inputs that every output multiplied with it: [n, oh, ow, c] */
function tapInputs(x: tf.Tensor4D, attrs: FilterGradientAttrs, isDepthwise: boolean): tf.Tensor4D[] {
  const { batch, inChannels, height, width } = convSpec(x.shape, attrs.filterShape, attrs, isDepthwise);
  const margin = (axis: Axis): [number, number] => [axis.before, Math.max(0, reach(axis))];
  const padded = tf.pad(x, [[0, 0], margin(height), margin(width), [0, 0]]);
  const last = (axis: Axis, tap: number): number => tap + (axis.output - 1) * axis.stride + 1;
  const taps: tf.Tensor[] = [];
  for (let i = 0; i < height.kernel; i++) {
    for (let j = 0; j < width.kernel; j++) {
      const end = [batch, last(height, i), last(width, j), inChannels];
      taps.push(tf.stridedSlice(padded, [0, i, j, 0], end, [1, height.stride, width.stride, 1]));
    }
  }
  return taps as tf.Tensor4D[];
}

const kernel =
  (gradient: FilterGradient): WrittenKernel =>
  ({ inputs, attrs }) =>
    gradient(inputs.x as tf.Tensor4D, inputs.dy as tf.Tensor4D, attrs as unknown as FilterGradientAttrs);

export const filterGradients: Record<string, WrittenKernel> = {
  Conv2DBackpropFilter: kernel(ordinary),
  DepthwiseConv2dNativeBackpropFilter: kernel(depthwise),
};
