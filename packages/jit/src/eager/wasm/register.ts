/** Kernels that training needs and tfjs's WebAssembly backend lacks, written in terms of those that it has. */

import * as tf from "@tensorflow/tfjs";
import { type Axis, type ConvAttrs, convSpec, reach } from "../kernels/conv/spec.ts";
import { cpuBackend } from "../trace/tfjs.ts";

type FilterGradientAttrs = ConvAttrs & { filterShape: [number, number, number, number] };

/** dw[k] = x_k^T dy: one matrix product for each kernel tap, over the inputs that the tap saw. */
function conv2dFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, attrs: FilterGradientAttrs): tf.Tensor {
  const taps = tapInputs(x, attrs, false);
  const gradient = tf.reshape(dy, [-1, attrs.filterShape[3]]);
  const products = taps.map((tap) => tf.matMul(tf.reshape(tap, [-1, attrs.filterShape[2]]), gradient, true));
  return tf.reshape(tf.stack(products), attrs.filterShape);
}

/** dw[k, c, m] = sum over positions of x_k[c] dy[c, m]. */
function depthwiseFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, attrs: FilterGradientAttrs): tf.Tensor {
  const [, , c, multiplier] = attrs.filterShape;
  const taps = tapInputs(x, attrs, true);
  const gradient = tf.reshape(dy, [-1, c, multiplier]);
  const sums = taps.map((tap) => tf.sum(tf.mul(tf.reshape(tap, [-1, c, 1]), gradient), 0));
  return tf.reshape(tf.stack(sums), attrs.filterShape);
}

/** For each kernel tap the inputs that every output multiplied with it: [n, oh, ow, c] */
function tapInputs(x: tf.Tensor4D, attrs: FilterGradientAttrs, depthwise: boolean): tf.Tensor4D[] {
  const { batch, inChannels, height, width } = convSpec(x.shape, attrs.filterShape, attrs, depthwise);
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

/**
 * Kernels that are computed by tfjs's `cpu` backend instead: those the WebAssembly backend lacks, and MaxPoolGrad, which in
 * 4.22 gives a wrong gradient (for an 8 x 8 plane with three channels, say).
 */
const FROM_CPU = ["DepthwiseConv2dNativeBackpropInput", "Einsum", "MaxPoolGrad", "UnsortedSegmentSum"];

function borrowed(kernelName: string): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const cpu = cpuBackend();
    const lend = (info: tf.TensorInfo): tf.TensorInfo => {
      const values = tf.engine().readSync(info.dataId) as tf.TypedArray;
      return cpu.makeTensorInfo(info.shape, info.dtype, values);
    };
    const lent = Object.entries(inputs).map(([name, info]) => [name, lend(info as tf.TensorInfo)] as const);
    const kernel = tf.getKernel(kernelName, "cpu");
    const out = kernel.kernelFunc({ inputs: Object.fromEntries(lent), attrs: attrs ?? {}, backend: cpu });
    const results = [out].flat().map((info) => {
      const values = cpu.readSync(info.dataId) as tf.TypedArray;
      return tf.engine().makeTensor(values, info.shape, info.dtype);
    });
    for (const info of [...lent.map(([, info]) => info), ...[out].flat()]) cpu.disposeData(info.dataId, true);
    return Array.isArray(out) ? results : results[0]!;
  };
}

export function registerMissingWasmKernels(): void {
  const replace = (kernelName: string, kernelFunc: tf.KernelFunc): void => {
    if (tf.getKernel(kernelName, "wasm")) tf.unregisterKernel(kernelName, "wasm");
    tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc });
  };
  replace("Conv2DBackpropFilter", tapwise(conv2dFilterGradient));
  replace("DepthwiseConv2dNativeBackpropFilter", tapwise(depthwiseFilterGradient));
  for (const kernelName of FROM_CPU) replace(kernelName, borrowed(kernelName));
}

type FilterGradient = (x: tf.Tensor4D, dy: tf.Tensor4D, attrs: FilterGradientAttrs) => tf.Tensor;

function tapwise(gradient: FilterGradient): tf.KernelFunc {
  return ({ inputs, attrs }) =>
    tf.tidy(() =>
      gradient(inputs.x as tf.Tensor4D, inputs.dy as tf.Tensor4D, attrs as unknown as FilterGradientAttrs),
    );
}
