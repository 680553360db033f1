/** A kernel of tfjs's `cpu` backend, run on another backend's tensors: they are copied there and the results back. */

import * as tf from "@tensorflow/tfjs";
import type { DType } from "../../graph/types.ts";
import { elementsAs } from "../../runtime/storage.ts";
import { cpuBackend } from "../../trace/tfjs.ts";

export function borrowed(kernelName: string): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const cpu = cpuBackend();
    const copies: tf.TensorInfo[] = [];
    const lend = (info: tf.TensorInfo | undefined): tf.TensorInfo | undefined => {
      if (!info) return undefined; // An optional input, as the bias of a fused convolution.
      const values = tf.engine().readSync(info.dataId) as tf.TypedArray;
      const copy = cpu.makeTensorInfo(info.shape, info.dtype, values);
      copies.push(copy);
      return copy;
    };
    // A kernel with any number of inputs, as Einsum, takes them as an array.
    const lent = Array.isArray(inputs)
      ? (inputs.map(lend) as unknown as tf.NamedTensorInfoMap)
      : Object.fromEntries(Object.entries(inputs).map(([name, info]) => [name, lend(info as tf.TensorInfo)]));
    const kernel = tf.getKernel(kernelName, "cpu");
    const out = kernel.kernelFunc({ inputs: lent, attrs: attrs ?? {}, backend: cpu });
    const results = [out].flat().map((info) => {
      // The cpu backend keeps elements in whatever array they were computed in, and bools of 2 where bools were added.
      const computed = cpu.readSync(info.dataId) as tf.TypedArray;
      const values = info.dtype === "bool" ? computed.map((x) => (x ? 1 : 0)) : computed;
      return tf.engine().makeTensor(elementsAs(info.dtype as DType, values), info.shape, info.dtype);
    });
    for (const info of [...copies, ...[out].flat()]) cpu.disposeData(info.dataId, true);
    return Array.isArray(out) ? results : results[0]!;
  };
}
