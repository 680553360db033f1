/** tf tensors to tensors of a checkpoint file and back: data moved off the backend, axes of rank-4 tensors into the other layout. */

import * as tf from "@tensorflow/tfjs";
import { UnstorableError } from "./errors.ts";
import type { HostTensor } from "./host-tensor.ts";
import { diskShape, memoryShape, toDisk, toMemory } from "./layout.ts";

const TF_DTYPES = ["float32", "int32", "bool"] as const;
type TfDType = (typeof TF_DTYPES)[number];

/** @param name for messages  @throws UnstorableError for strings and complex numbers */
export async function toHost(name: string, tensor: tf.Tensor): Promise<HostTensor> {
  const { dtype, shape } = tensor;
  if (!TF_DTYPES.includes(dtype as TfDType)) {
    throw new UnstorableError(`The tensor "${name}"`, `one of ${TF_DTYPES.join(", ")}`, dtype);
  }
  return { dtype: dtype as TfDType, shape: diskShape(shape), data: toDisk(await tensor.data(), shape) };
}

/** Of a type that tf has; see `isTfTensor`. */
export function fromHost({ dtype, shape, data }: HostTensor & { dtype: TfDType }): tf.Tensor {
  return tf.tensor(toMemory(data, shape) as Float32Array, memoryShape(shape) as number[], dtype);
}

export function isTfTensor(tensor: HostTensor): tensor is HostTensor & { dtype: TfDType } {
  return TF_DTYPES.includes(tensor.dtype as TfDType);
}
