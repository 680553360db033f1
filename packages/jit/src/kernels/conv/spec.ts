/** The sizes of a two-dimensional convolution, as its lowerings need them. */

import * as tf from "@tensorflow/tfjs";

/** One spatial axis. Output o reads inputs `o * stride - before + k * dilation` for k in [0, kernel). */
export interface Axis {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
}

export interface ConvSpec {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly height: Axis;
  readonly width: Axis;
  readonly channelsLast: boolean;
}

export interface ConvAttrs {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: "NHWC" | "NCHW";
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

export function convSpec(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: ConvAttrs,
  depthwise = false,
): ConvSpec {
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
    tf.backend_util.convertConv2DDataFormat(attrs.dataFormat ?? "NHWC"),
  );
  const { top, left } = info.padInfo;
  return {
    batch: info.batchSize,
    inChannels: info.inChannels,
    outChannels: info.outChannels,
    height: {
      input: info.inHeight,
      output: info.outHeight,
      kernel: info.filterHeight,
      stride: info.strideHeight,
      dilation: info.dilationHeight,
      before: top,
    },
    width: {
      input: info.inWidth,
      output: info.outWidth,
      kernel: info.filterWidth,
      stride: info.strideWidth,
      dilation: info.dilationWidth,
      before: left,
    },
    channelsLast: (attrs.dataFormat ?? "NHWC") === "NHWC",
  };
}

export const NHWC_TO_NCHW = [0, 3, 1, 2] as const;
export const NCHW_TO_NHWC = [0, 2, 3, 1] as const;

/** How much of the padded axis the kernel really reads: rounding may leave a rest, or want more than was padded. */
export function reach({ input, output, kernel, stride, dilation, before }: Axis): number {
  return (output - 1) * stride + (kernel - 1) * dilation + 1 - before - input;
}

/** How many outputs ONNX finds room for: more than tfjs where that leaves a stride or more unread. */
export function room(axis: Axis): number {
  const span = (axis.kernel - 1) * axis.dilation + 1;
  return Math.floor((axis.input + axis.before + Math.max(0, reach(axis)) - span) / axis.stride) + 1;
}
