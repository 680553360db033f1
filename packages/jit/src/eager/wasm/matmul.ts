/** Matrix products on tfjs's WebAssembly backend 4.22, without the faults of its own kernels. */

import * as tf from "@tensorflow/tfjs";
import type { WrittenKernel } from "./call.ts";

interface MatMulAttrs {
  transposeA: boolean;
  transposeB: boolean;
}

interface FusedAttrs extends MatMulAttrs {
  activation: "linear" | "relu" | "relu6" | "elu" | "leakyrelu" | "sigmoid" | "prelu";
  leakyreluAlpha?: number;
}

/**
 * The backend prepares its second operand at the first product and finds it again by the operand's data alone: reshaped, it is
 * multiplied in its first shape. A copy has data of its own.
 */
export function remembersShape(kernel: tf.KernelFunc): tf.KernelFunc {
  const prepared = new WeakMap<tf.DataId, string>();
  return (args) => {
    const b = args.inputs.b as tf.Tensor;
    const shape = String(b.shape.slice(-2));
    if (!prepared.has(b.dataId)) prepared.set(b.dataId, shape);
    if (prepared.get(b.dataId) === shape) return kernel(args);
    const copy = tf.add(b, 0);
    try {
      return kernel({ ...args, inputs: { ...args.inputs, b: copy } });
    } finally {
      copy.dispose();
    }
  };
}

/**
 * Product, bias and activation one after the other. Fused, a batch gets the last bias in all rows but the first, and a
 * product over more than 48 terms gets the bias and the activation once for each 48 of them.
 */
export const fusedMatMul: WrittenKernel = ({ inputs, attrs }) => {
  const { a, b, bias, preluActivationWeights } = inputs as Record<string, tf.Tensor>;
  const { transposeA, transposeB, activation, leakyreluAlpha } = attrs as unknown as FusedAttrs;
  const product = tf.matMul(a!, b!, transposeA, transposeB);
  const x = bias ? tf.add(product, bias) : product;
  switch (activation) {
    case "relu":
      return tf.relu(x);
    case "relu6":
      return tf.relu6(x);
    case "elu":
      return tf.elu(x);
    case "leakyrelu":
      return tf.leakyRelu(x, leakyreluAlpha);
    case "sigmoid":
      return tf.sigmoid(x);
    case "prelu":
      return tf.prelu(x, preluActivationWeights!);
    default:
      return x;
  }
};
