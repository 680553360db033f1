/** Mends kernels of tfjs-node 4.22. */

import * as tf from "@tensorflow/tfjs";
import { padsGradient, padsImage } from "./padding.ts";

type Mend = (kernel: tf.KernelFunc) => tf.KernelFunc;

const image =
  (depthwise: boolean): Mend =>
  (kernel) =>
    padsImage(kernel, depthwise);
const gradient =
  (depthwise: boolean): Mend =>
  (kernel) =>
    padsGradient(kernel, depthwise);

const MENDED: Record<string, Mend> = {
  Conv2D: image(false),
  Conv2DBackpropFilter: image(false),
  Conv2DBackpropInput: gradient(false),
  DepthwiseConv2dNative: image(true),
  DepthwiseConv2dNativeBackpropFilter: image(true),
  DepthwiseConv2dNativeBackpropInput: gradient(true),
  FusedConv2D: image(false),
  FusedDepthwiseConv2D: image(true),
};

export function mendTensorflowKernels(): void {
  for (const [kernelName, mend] of Object.entries(MENDED)) {
    const config = tf.getKernel(kernelName, "tensorflow");
    tf.unregisterKernel(kernelName, "tensorflow");
    tf.registerKernel({ ...config, kernelFunc: mend(config.kernelFunc) });
  }
}
