/** Matrix products. */

import type { GraphBuilder } from "../graph/builder.ts";
import { broadcastShapes, sizeOf, type Value } from "../graph/types.ts";
import { activate } from "./activation.ts";
import { asNumber } from "./dtypes.ts";
import type { KernelTable, Lowering } from "./lowering.ts";

interface MatMulAttrs {
  transposeA: boolean;
  transposeB: boolean;
}

/** Batched product [..., m, k] x [..., k, n]; one batch of matrices goes through Gemm, which transposes for free. */
function product(g: GraphBuilder, a: Value, b: Value, { transposeA, transposeB }: MatMulAttrs): Value {
  // ONNX Runtime's WebGPU provider ends the process where there is nothing to sum.
  if (sizeOf(a.shape) === 0 || sizeOf(b.shape) === 0) return noProduct(g, a, b, { transposeA, transposeB });
  const batch = [...a.shape.slice(0, -2), ...b.shape.slice(0, -2)];
  if (a.dtype === "float32" && sizeOf(batch) === 1) {
    const flat = g.gemm(g.reshape(a, a.shape.slice(-2)), g.reshape(b, b.shape.slice(-2)), {
      transA: transposeA,
      transB: transposeB,
    });
    const rank = Math.max(a.shape.length, b.shape.length);
    return g.reshape(flat, [...Array<number>(rank - 2).fill(1), ...flat.shape]);
  }
  return g.matMul(transposeA ? swapLast(g, a) : a, transposeB ? swapLast(g, b) : b);
}

/** Zeros, if any elements at all. */
function noProduct(g: GraphBuilder, a: Value, b: Value, { transposeA, transposeB }: MatMulAttrs): Value {
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return g.fill(0, a.dtype, [...batch, a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!]);
}

function swapLast(g: GraphBuilder, x: Value): Value {
  const axes = x.shape.map((_, i) => i);
  return g.transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
}

const batchMatMul: Lowering = ({ g }, { a, b }: { a: Value; b: Value }, attrs: MatMulAttrs) =>
  g.cast(product(g, asNumber(g, a), asNumber(g, b), attrs), a.dtype);

const fusedMatMul: Lowering = ({ g }, { a, b, bias, preluActivationWeights }, attrs) => {
  const y = product(g, a, b, attrs);
  return activate(
    g,
    bias ? g.add(y, bias) : y,
    attrs.activation,
    preluActivationWeights,
    attrs.leakyreluAlpha,
  );
};

export const matmulKernels: KernelTable = { BatchMatMul: batchMatMul, _FusedMatMul: fusedMatMul };
