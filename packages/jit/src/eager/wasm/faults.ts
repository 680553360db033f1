/**
 * Where kernels of tfjs's WebAssembly backend 4.22 fail, so that the `cpu` backend computes them instead. Several write
 * beyond their result, which breaks whatever is computed next.
 */

import * as tf from "@tensorflow/tfjs";
import { type Call, misfit, notNHWC } from "./convolution.ts";

type Fault = (call: Call) => boolean;

const tensors = ({ inputs }: Call): tf.TensorInfo[] =>
  Object.values(inputs).filter((info) => info !== undefined);

const always: Fault = () => true;
const anyNot =
  (dtype: tf.DataType): Fault =>
  (call) =>
    tensors(call).some((info) => info.dtype !== dtype);
const any =
  (dtype: tf.DataType): Fault =>
  (call) =>
    tensors(call).some((info) => info.dtype === dtype);
const empty: Fault = (call) => tensors(call).some(({ shape }) => shape.includes(0));
const either =
  (...faults: Fault[]): Fault =>
  (call) =>
    faults.some((fault) => fault(call));

/** A result without elements is float32 whatever the operand is. */
const emptySlice: Fault = ({ inputs: { x }, attrs }) => {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } =
    attrs as unknown as tf.StridedSliceAttrs;
  const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
  return tf.slice_util.sliceInfo(x!.shape, begin, end, strides, ...masks).finalShape.includes(0);
};

/** They compute in float32 and write it, whatever the dtype is. */
const FLOAT32_ONLY = [
  "Abs Acos Acosh Asin Asinh Atan Atanh Ceil ClipByValue Cos Cosh Elu Erf Exp Expm1 Floor LeakyRelu Log Log1p",
  "MaxPool Neg Prelu Reciprocal Relu Relu6 ResizeNearestNeighbor Round Rsqrt Selu Sigmoid Sign Sin Sinh Softplus",
  "Sqrt Square Step Tan Tanh",
].flatMap((names) => names.split(" "));

/** They write elements of four bytes, where one of a bool has one. */
const NO_BOOL = ["RealDiv", "Reverse", "TopK"];

/** Of no elements they give what the memory held before. */
const NOT_OF_NOTHING = ["Max", "Mean", "Min", "Prod", "Sum"];

const each = (names: string[], fault: Fault): Record<string, Fault> =>
  Object.fromEntries(names.map((name) => [name, fault]));

export const FAULTS: Record<string, Fault> = {
  ...each(["DepthwiseConv2dNativeBackpropInput", "Einsum", "UnsortedSegmentSum"], always), // Missing.

  ...each(["Conv2D", "FusedConv2D"], misfit(false)),
  ...each(["DepthwiseConv2dNative", "FusedDepthwiseConv2D"], misfit(true)),
  ...each(["Conv2DBackpropInput", "Conv2DBackpropFilter", "DepthwiseConv2dNativeBackpropFilter"], notNHWC),

  ...each(FLOAT32_ONLY, anyNot("float32")),
  ...each(NO_BOOL, any("bool")),
  ...each(NOT_OF_NOTHING, empty),
  BatchMatMul: either(anyNot("float32"), empty),
  Cast: ({ inputs, attrs }) => attrs?.dtype === "bool" && inputs.x!.dtype !== "bool", // Keeps the last byte.
  FloorDiv: always, // float32, where it should be int32.
  Mod: anyNot("float32"), // A remainder by zero stops the program.
  OneHot: ({ attrs }) => attrs?.dtype === "bool",
  SearchSorted: always, // Refuses integers among fractions.
  Select: ({ inputs }) => inputs.t!.dtype === "bool",
  StridedSlice: emptySlice,

  CropAndResize: ({ attrs }) => attrs?.method === "nearest", // Reads pixels beside those asked for.
  GatherV2: ({ attrs }) => attrs?.batchDims !== 0, // All batches take from the first.
  MaxPoolGrad: always, // Wrong for an 8 x 8 plane with three channels, say.
  MaxPoolWithArgmax: always, // Positions in the window instead of the image.
};
