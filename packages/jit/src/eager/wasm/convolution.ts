/** Convolutions as XNNPACK, which computes them for tfjs's WebAssembly backend, sees them. */

import * as tf from "@tensorflow/tfjs";
import type { ConvAttrs } from "../../kernels/conv/spec.ts";

/** A call of a kernel. */
export interface Call {
  inputs: Record<string, tf.TensorInfo | undefined>;
  attrs?: Record<string, unknown>;
}

type Image = [number, number, number, number];

export const notNHWC = ({ attrs }: Call): boolean => (attrs?.dataFormat ?? "NHWC") !== "NHWC";

function sizes({ inputs: { x, filter }, attrs }: Call, depthwise: boolean): tf.backend_util.Conv2DInfo {
  const { strides, dilations = 1, pad, dimRoundingMode } = attrs as unknown as ConvAttrs;
  const shapes = [x!.shape as Image, filter!.shape as Image] as const;
  return tf.backend_util.computeConv2DInfo(...shapes, strides, dilations, pad, dimRoundingMode, depthwise);
}

/** XNNPACK computes the size of the result itself, and writes as many elements: more than tfjs makes room for. */
export const misfit =
  (depthwise: boolean) =>
  (call: Call): boolean => {
    if (notNHWC(call)) return true;
    const { padInfo, ...info } = sizes(call, depthwise);
    const height = info.inHeight + padInfo.top + padInfo.bottom - info.effectiveFilterHeight;
    const width = info.inWidth + padInfo.left + padInfo.right - info.effectiveFilterWidth;
    return (
      info.outHeight !== Math.floor(height / info.strideHeight) + 1 ||
      info.outWidth !== Math.floor(width / info.strideWidth) + 1
    );
  };

/** XNNPACK's own "same" gives zeros where the last window ends before the image does. */
export function explicitPadding(kernel: tf.KernelFunc, depthwise: boolean): tf.KernelFunc {
  return (args) => {
    if (args.attrs?.pad !== "same") return kernel(args);
    const { top, bottom, left, right } = sizes(args as Call, depthwise).padInfo;
    const pad = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ];
    return kernel({ ...args, attrs: { ...args.attrs, pad } });
  };
}
