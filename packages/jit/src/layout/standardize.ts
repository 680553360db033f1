/** Standardisation (`ops/standardize.ts`) on stored tensors: one operator where its axes are the last in storage. */

import { type Attribute, sizeOf, type Value } from "../graph/types.ts";
import type { LayoutPass, Rule } from "./pass.ts";
import { orderFor, orderOf } from "./view.ts";

export const standardize: Rule = (pass, node) => {
  const [x] = node.inputs as [Value];
  const [y, inverse] = node.outputs as [Value, Value];
  const view = pass.view(x);
  const order = orderOf(view);
  const axes = (node.attributes.axes as readonly number[]).flatMap((axis) => order.axes[axis]!);
  const shape = view.stored.shape;
  const first = shape.length - axes.length;
  const isSuffix = axes.every((axis) => axis >= first);
  const [normed, scale] = isSuffix
    ? layerNormalization(pass, view.stored, first, node.attributes.epsilon!)
    : composition(pass, view.stored, axes, node.attributes.epsilon as { float: number });
  pass.define(y, normed, order.axes);
  pass.define(inverse, scale, orderFor(inverse.shape, order).axes);
};

function layerNormalization({ g }: LayoutPass, x: Value, first: number, epsilon: Attribute): [Value, Value] {
  const rows = sizeOf(x.shape.slice(0, first));
  const columns = sizeOf(x.shape.slice(first));
  const outputs = [
    { dtype: x.dtype, shape: [rows, columns] },
    { dtype: x.dtype, shape: [rows, 1] },
    { dtype: x.dtype, shape: [rows, 1] },
  ];
  const inputs = [g.reshape(x, [rows, columns]), g.fill(1, "float32", [columns])];
  const [y, , inverse] = g.ops("LayerNormalization", inputs, { axis: -1, epsilon }, outputs);
  const kept = x.shape.map((dim, i) => (i < first ? dim : 1));
  return [g.reshape(y!, x.shape), g.reshape(inverse!, kept)];
}

function composition(pass: LayoutPass, x: Value, axes: number[], epsilon: { float: number }): [Value, Value] {
  const { g } = pass;
  const centred = g.sub(x, pass.reduceStored("ReduceMean", x, axes));
  const variance = pass.reduceStored("ReduceMean", g.mul(centred, centred), axes);
  const inverse = g.unary("Reciprocal", g.unary("Sqrt", g.add(variance, g.float(epsilon.float))));
  return [g.mul(centred, inverse), inverse];
}
