/** Completes and mends the kernels of tfjs's WebAssembly backend. */

import * as tf from "@tensorflow/tfjs";
import { broadcastsBatches } from "../batches.ts";
import { borrowed } from "./borrow.ts";
import type { WrittenKernel } from "./call.ts";
import { explicitPadding } from "./convolution.ts";
import { FAULTS } from "./faults.ts";
import { filterGradients } from "./filter-gradients.ts";
import { fusedMatMul, remembersShape } from "./matmul.ts";
import { resizeNearestNeighborGrad } from "./resize.ts";

export function completeWasmKernels(): void {
  const own = new Map(tf.getKernelsForBackend("wasm").map((config) => [config.kernelName, config]));
  const replace = (kernelName: string, kernelFunc: tf.KernelFunc): void => {
    const config = own.get(kernelName);
    if (config) tf.unregisterKernel(kernelName, "wasm");
    const completed = { ...config, kernelName, backendName: "wasm", kernelFunc };
    tf.registerKernel(completed);
    own.set(kernelName, completed);
  };

  const written: Record<string, WrittenKernel> = {
    ...filterGradients,
    _FusedMatMul: fusedMatMul,
    ResizeNearestNeighborGrad: resizeNearestNeighborGrad,
  };
  for (const [name, kernel] of Object.entries(written)) replace(name, (args) => tf.tidy(() => kernel(args)));
  const wrap = (kernelName: string, wrapper: (kernel: tf.KernelFunc) => tf.KernelFunc): void =>
    replace(kernelName, wrapper(own.get(kernelName)!.kernelFunc));
  wrap("BatchMatMul", remembersShape);
  wrap("BatchMatMul", broadcastsBatches);
  for (const name of ["Conv2D", "FusedConv2D"]) wrap(name, (kernel) => explicitPadding(kernel, false));
  for (const name of ["DepthwiseConv2dNative", "FusedDepthwiseConv2D"])
    wrap(name, (kernel) => explicitPadding(kernel, true));

  for (const [name, fails] of Object.entries(FAULTS)) {
    const [kernel, fallback] = [own.get(name)?.kernelFunc, borrowed(name)];
    replace(name, (args) => (!kernel || fails(args as never) ? fallback(args) : kernel(args)));
  }
}
