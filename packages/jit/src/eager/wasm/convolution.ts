/** Convolutions as XNNPACK, which computes them for tfjs's WebAssembly backend, sees them. */

import * as tf from "@tensorflow/tfjs";
import type { ConvAttrs } from "../../kernels/conv/spec.ts";
import type { Call } from "./call.ts";

type Image = [number, number, number, number];

export const notNHWC = ({ attrs }: Call): boolean => (attrs?.dataFormat ?? "NHWC") !== "NHWC";

function sizes({ inputs: { x, filter }, attrs }: Call, depthwise: boolean): tf.backend_util.Conv2DInfo {
  const { strides, dilations = 1, pad, dimRoundingMode } = attrs as unknown as ConvAttrs;
  const shapes = [x!.shape as Image, filter!.shape as Image] as const;
  return tf.backend_util.computeConv2DInfo(...shapes, strides, dilations, pad, dimRoundingMode, depthwise);
}

/** XNNPACK computes the size of the result itself, and writes as many elements: more than tfjs makes room for. */
function isMisfit({ padInfo, ...info }: tf.backend_util.Conv2DInfo): boolean {
  const height = info.inHeight + padInfo.top + padInfo.bottom - info.effectiveFilterHeight;
  const width = info.inWidth + padInfo.left + padInfo.right - info.effectiveFilterWidth;
  return (
    info.outHeight !== Math.floor(height / info.strideHeight) + 1 ||
    info.outWidth !== Math.floor(width / info.strideWidth) + 1
  );
}

export const misfit =
  (depthwise: boolean) =>
  (call: Call): boolean =>
    notNHWC(call) || isMisfit(sizes(call, depthwise));

function poolSizes(image: tf.TensorInfo, attrs: Call["attrs"]): tf.backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as tf.MaxPoolAttrs;
  const shape = image.shape as Image;
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
}

/** Nor does it know of windows that lie in the padding. */
export function poolMisfit({ inputs: { x }, attrs }: Call): boolean {
  const info = poolSizes(x!, attrs);
  const { top, bottom, left, right } = info.padInfo;
  return (
    isMisfit(info) ||
    Math.max(top, bottom) >= info.effectiveFilterHeight ||
    Math.max(left, right) >= info.effectiveFilterWidth
  );
}

/** A gradient is not told how sizes were rounded, so that it may take dy for another shape than it has. */
export const poolGradientMisfit = ({ inputs: { dy, input }, attrs }: Call): boolean =>
  String(poolSizes(input!, attrs).outShape) !== String(dy!.shape);

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
