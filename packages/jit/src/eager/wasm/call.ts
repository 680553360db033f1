/** Kernels of a tfjs backend, as what stands in for them sees them. */

import type * as tf from "@tensorflow/tfjs";

/** A call of a kernel. */
export interface Call {
  inputs: Record<string, tf.TensorInfo | undefined>;
  attrs?: Record<string, unknown>;
}

/** A kernel in terms of tfjs's operations. */
export type WrittenKernel = (call: Parameters<tf.KernelFunc>[0]) => tf.Tensor;
