/** Kernels that training needs and tfjs's WebAssembly backend lacks, written in terms of those that it has. */

import * as tf from "@tensorflow/tfjs";
import { cpuBackend } from "../trace/tfjs.ts";

interface FilterGradientAttrs {
  strides: [number, number] | number;
  pad: "valid" | "same" | number;
  dataFormat: "NHWC";
  dimRoundingMode?: "floor";
  filterShape: [number, number, number, number];
}

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
  const { strides, pad, dimRoundingMode, filterShape } = attrs;
  const info = tf.backend_util.computeConv2DInfo(
    x.shape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
    depthwise,
  );
  const { top, bottom, left, right } = info.padInfo;
  const reach = (out: number, stride: number, kernel: number): number => (out - 1) * stride + kernel;
  const [h, w] = [
    reach(info.outHeight, info.strideHeight, info.filterHeight),
    reach(info.outWidth, info.strideWidth, info.filterWidth),
  ];
  const below = Math.max(bottom, h - top - info.inHeight, 0);
  const beside = Math.max(right, w - left - info.inWidth, 0);
  const padded = tf.pad(
    x,
    [0, top, left, 0].map((before, i) => [before, [0, below, beside, 0][i]!]) as [number, number][],
  );
  const taps: tf.Tensor4D[] = [];
  for (let i = 0; i < info.filterHeight; i++) {
    for (let j = 0; j < info.filterWidth; j++) {
      const end = [
        i + (info.outHeight - 1) * info.strideHeight + 1,
        j + (info.outWidth - 1) * info.strideWidth + 1,
      ];
      taps.push(
        tf.stridedSlice(
          padded,
          [0, i, j, 0],
          [info.batchSize, end[0]!, end[1]!, info.inChannels],
          [1, info.strideHeight, info.strideWidth, 1],
        ) as tf.Tensor4D,
      );
    }
  }
  return taps;
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
