/** Kernels that training needs and tfjs's WebAssembly backend lacks, written in terms of those that it has. */

import * as tf from "@tensorflow/tfjs";

type Kernel = (inputs: Record<string, tf.Tensor>, attrs: Record<string, never>) => tf.Tensor;

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
  const padded = tf.pad(x, [[0, 0], [top, below], [left, beside], [0, 0]]); // biome-ignore format: one pair an axis
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

/** Row r of the result is the sum of the rows whose segment is r: a product with the one-hot matrix of the segments. */
function unsortedSegmentSum(x: tf.Tensor, segmentIds: tf.Tensor1D, numSegments: number): tf.Tensor {
  const [rows, ...rest] = x.shape;
  const membership = tf.cast(tf.oneHot(segmentIds, numSegments), "float32");
  return tf.reshape(tf.matMul(membership, tf.reshape(x, [rows!, -1]) as tf.Tensor2D, true), [
    numSegments,
    ...rest,
  ]);
}

const MISSING: Record<string, Kernel> = {
  Conv2DBackpropFilter: ({ x, dy }, attrs) =>
    conv2dFilterGradient(x as tf.Tensor4D, dy as tf.Tensor4D, attrs as never),
  DepthwiseConv2dNativeBackpropFilter: ({ x, dy }, attrs) =>
    depthwiseFilterGradient(x as tf.Tensor4D, dy as tf.Tensor4D, attrs as never),
  UnsortedSegmentSum: ({ x, segmentIds }, { numSegments }) =>
    unsortedSegmentSum(x!, segmentIds as tf.Tensor1D, numSegments as unknown as number),
};

export function registerMissingWasmKernels(): void {
  for (const [kernelName, kernel] of Object.entries(MISSING)) {
    if (tf.getKernel(kernelName, "wasm")) continue;
    tf.registerKernel({
      kernelName,
      backendName: "wasm",
      kernelFunc: ({ inputs, attrs }) =>
        tf.tidy(() => kernel(inputs as Record<string, tf.Tensor>, attrs as never)),
    });
  }
}
