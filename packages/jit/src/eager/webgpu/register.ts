/** Mends a kernel of tfjs's WebGPU backend 4.22. */

import * as tf from "@tensorflow/tfjs";

/** A sum of eight tensors or more binds more buffers than a shader may: nothing is computed, and nothing is said. */
export function mendWebgpuKernels(): void {
  const config = tf.getKernel("AddN", "webgpu");
  const pairwise: tf.KernelFunc = ({ inputs }) =>
    tf.tidy(() => (inputs as unknown as tf.Tensor[]).reduce((a, b) => tf.add(a, b)));
  const mended: tf.KernelFunc = (args) =>
    Object.keys(args.inputs).length < 8 ? config.kernelFunc(args) : pairwise(args);
  tf.unregisterKernel("AddN", "webgpu");
  tf.registerKernel({ ...config, kernelFunc: mended });
}
