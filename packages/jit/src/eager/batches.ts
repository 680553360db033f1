/** Matrix products of batches on backends that repeat a single batch only: those of WebAssembly and WebGPU. */

import * as tf from "@tensorflow/tfjs";

export function broadcastsBatches(kernel: tf.KernelFunc): tf.KernelFunc {
  return (args) => {
    const [a, b] = [args.inputs.a, args.inputs.b] as [tf.Tensor, tf.Tensor];
    const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    const isOne = (batch: number[]): boolean => batch.every((dim) => dim === 1);
    if (isOne(batchA) || isOne(batchB) || String(batchA) === String(batchB)) return kernel(args);
    const batch = tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
    const repeated = (x: tf.Tensor): tf.Tensor => tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
    const inputs = { a: repeated(a), b: repeated(b) };
    try {
      return kernel({ ...args, inputs });
    } finally {
      tf.dispose(inputs);
    }
  };
}
