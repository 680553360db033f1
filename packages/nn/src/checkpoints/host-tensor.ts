/** Tensors in this process's own memory, as checkpoint files hold them. */

import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from "./half.ts";

/** How numbers of each type are held: float16 and bfloat16 as their bits, bool as 0 and 1. */
export const DTYPES = {
  bool: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
} as const;

export type DType = keyof typeof DTYPES;
export type HostArray =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** A dense tensor, row-major. */
export interface HostTensor {
  dtype: DType;
  shape: readonly number[];
  data: HostArray;
}

export function bytesPerElement(dtype: DType): number {
  return DTYPES[dtype].BYTES_PER_ELEMENT;
}

/** Numbers of `dtype` in these bytes (little-endian, as is every machine that ONNX Runtime supports), without a copy. */
export function viewAs(dtype: DType, bytes: Uint8Array): HostArray {
  const elements = bytes.byteLength / bytesPerElement(dtype);
  return new DTYPES[dtype](bytes.buffer as ArrayBuffer, bytes.byteOffset, elements);
}

/** The numbers of a floating-point tensor, rounded to float32 if they are float64; nothing for a tensor of integers. */
export function toFloat32({ dtype, data }: HostTensor): Float32Array | undefined {
  switch (dtype) {
    case "float32":
      return data as Float32Array;
    case "float64":
      return Float32Array.from(data as Float64Array);
    case "float16":
      return float16ToFloat32(data as Uint16Array);
    case "bfloat16":
      return bfloat16ToFloat32(data as Uint16Array);
    default:
      return undefined;
  }
}

/** The numbers as `dtype`, rounded to nearest, ties to even. */
export function fromFloat32(values: Float32Array, dtype: "float32" | "float16" | "bfloat16"): HostArray {
  if (dtype === "float32") return values;
  return dtype === "float16" ? float32ToFloat16(values) : float32ToBfloat16(values);
}
