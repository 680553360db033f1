/**
 * Second derivatives of convolutions. A convolution is bilinear in image and filter, and its gradients are the two other
 * ways of reading the same trilinear form sum(dy * conv(x, w)); so the gradients of the gradients are the same kernels.
 */

import type * as tf from "@tensorflow/tfjs";
import { gradient, kernel } from "./gradient.ts";

interface Family {
  forward: string;
  input: string;
  filter: string;
}

const DENSE: Family = {
  forward: "Conv2D",
  input: "Conv2DBackpropInput",
  filter: "Conv2DBackpropFilter",
};

const DEPTHWISE: Family = {
  forward: "DepthwiseConv2dNative",
  input: "DepthwiseConv2dNativeBackpropInput",
  filter: "DepthwiseConv2dNativeBackpropFilter",
};

/** What tfjs leaves out of the attributes of gradients. */
const DEFAULTS = { dilations: [1, 1], dataFormat: "NHWC" };

/** Of filter = backpropFilter(x, dy): `ddw` is the gradient of its result. */
function ofFilterGradient({ forward, input, filter }: Family): tf.GradConfig {
  return gradient(filter, ["x", "dy"], (ddw, [x, dy], attrs) => ({
    x: () => kernel(input, { dy: dy!, filter: ddw }, { ...attrs, inputShape: x!.shape }),
    dy: () => kernel(forward, { x: x!, filter: ddw }, { ...DEFAULTS, ...attrs }),
  }));
}

/** Of x = backpropInput(dy, filter): `ddx` is the gradient of its result. */
function ofInputGradient({ forward, input, filter }: Family): tf.GradConfig {
  return gradient(input, ["dy", "filter"], (ddx, [dy, w], attrs) => ({
    dy: () => kernel(forward, { x: ddx, filter: w! }, { ...DEFAULTS, ...attrs }),
    filter: () => kernel(filter, { x: ddx, dy: dy! }, { ...attrs, filterShape: w!.shape }),
  }));
}

/** tfjs has Conv2DBackpropInput's. */
export const convolutionGradients: readonly tf.GradConfig[] = [
  ofFilterGradient(DENSE),
  ofFilterGradient(DEPTHWISE),
  ofInputGradient(DEPTHWISE),
];
