/** Mends kernels of tfjs's WebGPU backend 4.22. */

import * as tf from "@tensorflow/tfjs";
import { broadcastsBatches } from "../batches.ts";

/** A sum of eight tensors or more binds more buffers than a shader may: nothing is computed, and nothing is said. */
function addsPairs(kernel: tf.KernelFunc): tf.KernelFunc {
  return (args) => {
    const terms = args.inputs as unknown as tf.Tensor[];
    return terms.length < 8 ? kernel(args) : tf.tidy(() => terms.reduce((a, b) => tf.add(a, b)));
  };
}

export function mendWebgpuKernels(): void {
  const mended = { AddN: addsPairs, BatchMatMul: broadcastsBatches };
  for (const [kernelName, mend] of Object.entries(mended)) {
    const config = tf.getKernel(kernelName, "webgpu");
    tf.unregisterKernel(kernelName, "webgpu");
    tf.registerKernel({ ...config, kernelFunc: mend(config.kernelFunc) });
  }
}
