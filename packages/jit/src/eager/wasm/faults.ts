/**
 * Where kernels of tfjs's WebAssembly backend 4.22 fail, so that the `cpu` backend computes them instead. Several write
 * beyond their result, which breaks whatever is computed next.
 */

import type * as tf from "@tensorflow/tfjs";
import type { Call } from "./call.ts";
import { misfit, notNHWC, poolGradientMisfit, poolMisfit } from "./convolution.ts";

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

/** XNNPACK takes a slope for each channel: alpha must be as long as the last axes of x. */
const unlikeAlpha =
  (slopes: string): Fault =>
  ({ inputs }) => {
    const [x, alpha] = [inputs.x!, inputs[slopes]];
    if (!alpha) return false;
    const axes = alpha.shape.slice(alpha.shape.findIndex((dim) => dim > 1));
    return alpha.shape.some((dim) => dim > 1) && String(axes) !== String(x.shape.slice(-axes.length));
  };

/** They compute in float32 and write it, whatever the dtype is. */
const FLOAT32_ONLY = [
  "Abs Acos Acosh Asin Asinh Atan Atanh Ceil ClipByValue Cos Cosh Elu Erf Exp Expm1 Floor LeakyRelu Log Log1p",
  "Neg Reciprocal Relu Relu6 ResizeNearestNeighbor Round Rsqrt Selu Sigmoid Sign Sin Sinh Softplus",
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
  AvgPool: poolMisfit,
  AvgPoolGrad: poolGradientMisfit,
  ...each(["Conv2DBackpropInput", "Conv2DBackpropFilter", "DepthwiseConv2dNativeBackpropFilter"], notNHWC),

  ...each(FLOAT32_ONLY, anyNot("float32")),
  ...each(NO_BOOL, any("bool")),
  ...each(NOT_OF_NOTHING, empty),
  BatchMatMul: either(anyNot("float32"), empty),
  Cast: ({ inputs, attrs }) => attrs?.dtype === "bool" && inputs.x!.dtype !== "bool", // Keeps the last byte.
  FloorDiv: always, // float32, where it should be int32.
  MaxPool: either(anyNot("float32"), poolMisfit),
  Mod: anyNot("float32"), // A remainder by zero stops the program.
  OneHot: ({ attrs }) => attrs?.dtype !== "int32", // Writes the bits of an int32.
  Prelu: either(anyNot("float32"), unlikeAlpha("alpha")),
  SearchSorted: always, // Refuses integers among fractions.
  Select: ({ inputs }) => inputs.t!.dtype === "bool",
  StridedSlice: anyNot("float32"), // The result says it is float32.

  CropAndResize: always, // Reads pixels beside those asked for.
  ...each(["Bincount", "DenseBincount"], anyNot("float32")), // Weights of int32 do not count.
  GatherV2: ({ attrs }) => attrs?.batchDims !== 0, // All batches take from the first.
  MaxPoolGrad: always, // Wrong for an 8 x 8 plane with three channels, say.
  MaxPoolWithArgmax: always, // Positions in the window instead of the image.
  RotateWithOffset: always, // Another pixel where a coordinate ends in .5.
};
