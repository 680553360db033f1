/** Attention whose probabilities nobody else reads runs as one operator on ONNX Runtime's CPU provider, never storing them. */

import type { Node, Value } from "../graph/types.ts";
import type { LayoutPass } from "./pass.ts";

interface Attention {
  query: Value;
  /** [b, heads, d, s]: transposed already. */
  keys: Value;
  values: Value;
}

/** softmax(q k^T) v of [b, heads, t, d], if that is what the product computes. */
function attentionOf(pass: LayoutPass, product: Node): Attention | undefined {
  const [probabilities, values] = product.inputs as [Value, Value];
  const softmax = probabilities.producer;
  const scores = softmax?.inputs[0];
  const inner = scores?.producer;
  if (probabilities.shape.length !== 4 || values.shape.length !== 4) return undefined;
  if (softmax?.type !== "Softmax" || softmax.attributes.axis !== 3 || inner?.type !== "MatMul")
    return undefined;
  if (!pass.soleConsumer(probabilities) || !pass.soleConsumer(scores!)) return undefined;
  const [query, keys] = inner.inputs as [Value, Value];
  const isBatched = [query, keys, values].every(
    (v) => v.shape.length === 4 && v.shape[0] === query.shape[0] && v.shape[1] === query.shape[1],
  );
  return isBatched ? { query, keys, values } : undefined;
}

/** Writes the product as MultiHeadAttention; false where it is something else. */
export function writeAttention(pass: LayoutPass, product: Node): boolean {
  if (pass.target !== "cpu" || product.type !== "MatMul") return false;
  const found = attentionOf(pass, product);
  if (!found) return false;
  const { g } = pass;
  const [b, heads, t, d] = found.query.shape as [number, number, number, number];
  const [s, e] = found.values.shape.slice(2) as [number, number];
  const merge = (x: Value, perm: number[], length: number, width: number): Value =>
    g.reshape(g.transpose(pass.plain(x), perm), [b, length, heads * width]);
  const y = g.op(
    "MultiHeadAttention",
    [
      merge(found.query, [0, 2, 1, 3], t, d),
      merge(found.keys, [0, 3, 1, 2], s, d),
      merge(found.values, [0, 2, 1, 3], s, e),
    ],
    // The query carries its scale already.
    { num_heads: heads, scale: { float: 1 } },
    { dtype: "float32", shape: [b, t, heads * e] },
    "com.microsoft",
  );
  const [out] = product.outputs as [Value];
  pass.define(out, g.reshape(y, [b, t, heads, e]), [[0], [2], [1], [3]]);
  return true;
}
