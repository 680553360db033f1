/** How each operator is written on stored tensors. An operator without a rule gets its inputs in logical order. */

import { type Node, type Shape, sameShape, sizeOf, type Value } from "../graph/types.ts";
import { writeAttention } from "./attention.ts";
import { channelwiseOr } from "./blocked/affine.ts";
import { BLOCKED_RULES } from "./blocked/rules.ts";
import type { LayoutPass, Rule } from "./pass.ts";
import { reshapeView } from "./reshape-view.ts";
import { standardize } from "./standardize.ts";
import { isPlain, type Order, orderFor, orderOf, plainOrder, type View } from "./view.ts";

const inOrder: Rule = (pass, node) => {
  pass.emit(
    node,
    node.inputs.map((v) => v && pass.plain(v)),
  );
};

const transpose: Rule = (pass, node) => {
  const { stored, axes } = pass.view(node.inputs[0]!);
  const by = node.attributes.perm as readonly number[];
  pass.define(
    node.outputs[0]!,
    stored,
    by.map((axis) => axes[axis]!),
  );
};

/** Elementwise operators of one tensor; further inputs are scalars. */
const unary: Rule = (pass, node) => {
  const view = pass.view(node.inputs[0]!);
  const [, ...rest] = node.inputs;
  pass.emit(node, [view.stored, ...rest.map((v) => v && pass.plain(v))], () => orderOf(view));
};

const elementwise: Rule = (pass, node) => {
  const shape = node.outputs[0]!.shape;
  const order = preferredOrder(pass, node.inputs as Value[], shape);
  const inputs = (node.inputs as Value[]).map((v) => {
    if (v.shape.length === shape.length) return pass.storedAs(v, order);
    if (v.shape.length === 0) return pass.plain(v);
    return storedPadded(pass, v, order);
  });
  pass.emit(node, inputs, (out) => orderFor(out, order));
};

/** An operand of lower rank: its missing leading axes have length one. */
function storedPadded(pass: LayoutPass, value: Value, order: Order): Value {
  const rank = order.axes.length;
  const padded = [...Array<number>(rank - value.shape.length).fill(1), ...value.shape];
  const lifted = { id: -1, dtype: value.dtype, shape: padded };
  pass.define(lifted, pass.g.reshape(pass.plain(value), padded));
  return pass.storedAs(lifted, order);
}

/** The order in which the largest operand is stored already. Of equals one that is not plain wins, and blocks before all. */
function preferredOrder(pass: LayoutPass, inputs: readonly Value[], shape: Shape): Order {
  let best: Order = plainOrder(shape);
  let bestSize = 0;
  for (const value of inputs) {
    if (value.shape.length !== shape.length || value.constant) continue;
    const view = pass.view(value);
    const size = sizeOf(value.shape) + (isPlain(view) ? 0 : isSplit(view) ? 0.75 : 0.5);
    if (size > bestSize) [best, bestSize] = [orderOf(view), size];
  }
  return completed(best, shape);
}

function isSplit({ axes }: View): boolean {
  return axes.some((places) => places.length > 1);
}

/** The order for a result that is longer than the operand in axes where that one is broadcast. */
function completed(order: Order, shape: Shape): Order {
  const factors = order.factors.map((list, i) => {
    if (list.length === 1) return [shape[i]!];
    return sizeOf(list) === shape[i] ? list : undefined;
  });
  return factors.includes(undefined)
    ? plainOrder(shape)
    : { axes: order.axes, factors: factors as number[][] };
}

/** The stored axis behind a logical one, where it is not split; of a split one the outermost. */
function storedAxis(order: Order, axis: number): number {
  return order.axes[axis]![0]!;
}

/** How many elements of an axis its outermost stored axis steps over: 1 where it is not split. */
function blockOf(order: Order, axis: number): number {
  return sizeOf(order.factors[axis]!.slice(1));
}

/** Splitting an axis at `positions` cuts no block in two. */
function cutsNoBlock(order: Order, axis: number, positions: readonly number[]): boolean {
  const inner = blockOf(order, axis);
  return positions.every((position) => position % inner === 0);
}

const concat: Rule = (pass, node) => {
  const out = node.outputs[0]!;
  const axis = node.attributes.axis as number;
  const inputs = node.inputs as Value[];
  const largest = inputs.reduce((a, b) => (sizeOf(b.shape) > sizeOf(a.shape) ? b : a));
  const order = orderOf(pass.view(largest));
  if (
    !cutsNoBlock(
      order,
      axis,
      inputs.map((v) => v.shape[axis]!),
    )
  )
    return inOrder(pass, node);
  const along = (length: number): Order => resized(order, axis, length);
  const parts = inputs.map((v) => pass.storedAs(v, along(v.shape[axis]!)));
  pass.emit(node, parts, () => along(out.shape[axis]!), { axis: storedAxis(order, axis) });
};

/** The same order with another length along one axis, whole blocks of it. */
function resized(order: Order, axis: number, length: number): Order {
  const factors = order.factors.map((list, i) => {
    if (i !== axis) return list;
    const inner = blockOf(order, i);
    return [length / inner, ...list.slice(1)];
  });
  return { axes: order.axes, factors };
}

const split: Rule = (pass, node) => {
  const view = pass.view(node.inputs[0]!);
  const order = orderOf(view);
  const axis = node.attributes.axis as number;
  if (order.axes[axis]!.length > 1) return inOrder(pass, node);
  pass.emit(node, [view.stored, pass.plain(node.inputs[1]!)], (shape) => resized(order, axis, shape[axis]!), {
    ...node.attributes,
    axis: storedAxis(order, axis),
  });
};

/** Reductions whose second input lists the axes, keeping the rank. */
const reduce: Rule = (pass, node) => {
  const view = pass.view(node.inputs[0]!);
  const order = orderOf(view);
  const axes = integers(node.inputs[1]!).flatMap((axis) => order.axes[axis]!);
  const result = pass.reduceStored(node.type, view.stored, axes);
  pass.define(node.outputs[0]!, result, orderFor(node.outputs[0]!.shape, order).axes);
};

const slice: Rule = (pass, node) => {
  const [x, starts, ends, axes, steps] = node.inputs as [Value, Value, Value, Value, Value];
  const view = pass.view(x);
  const order = orderOf(view);
  const along = integers(axes);
  const [from, to, by] = [integers(starts), integers(ends), integers(steps)];
  const scaled = along.map((axis, i) => {
    if (order.axes[axis]!.length === 1) return { start: from[i]!, end: to[i]! };
    const inner = blockOf(order, axis);
    const end = Math.min(to[i]!, x.shape[axis]!);
    if (by[i] !== 1 || !cutsNoBlock(order, axis, [from[i]!, end])) return undefined;
    return { start: from[i]! / inner, end: end / inner };
  });
  if (scaled.includes(undefined)) return inOrder(pass, node);
  const { g } = pass;
  pass.emit(
    node,
    [
      view.stored,
      g.ints(scaled.map((s) => s!.start)),
      g.ints(scaled.map((s) => s!.end)),
      g.ints(along.map((axis) => storedAxis(order, axis))),
      pass.plain(steps),
    ],
    (shape) => along.reduce((o, axis) => resized(o, axis, shape[axis]!), order),
  );
};

const pad: Rule = (pass, node) => {
  const [x, pads, fill] = node.inputs as [Value, Value, Value | undefined];
  const view = pass.view(x);
  const order = orderOf(view);
  const rank = x.shape.length;
  const amounts = integers(pads);
  const touched = order.axes.some(
    (list, i) => list.length > 1 && (amounts[i] !== 0 || amounts[i + rank] !== 0),
  );
  if (touched) return inOrder(pass, node);
  const stored = Array<number>(2 * view.stored.shape.length).fill(0);
  for (let i = 0; i < rank; i++) {
    stored[storedAxis(order, i)] = amounts[i]!;
    stored[storedAxis(order, i) + view.stored.shape.length] = amounts[i + rank]!;
  }
  pass.emit(node, [view.stored, pass.g.ints(stored), fill && pass.plain(fill)], (shape) =>
    completed(order, shape),
  );
};

/** Operators one of whose inputs (at `position`) has a number for each axis: Expand, Tile, Resize to sizes. */
function perAxis(position: number, neutral: (dim: number) => number): Rule {
  return (pass, node) => {
    const x = node.inputs[0]!;
    const out = node.outputs[0]!;
    const view = pass.view(x);
    const order = orderOf(view);
    const amounts = integers(node.inputs[position]!);
    const changed = x.shape.map((dim, i) => dim !== out.shape[i]);
    if (x.shape.length !== out.shape.length || order.axes.some((list, i) => list.length > 1 && changed[i])) {
      return inOrder(pass, node);
    }
    const stored = view.stored.shape.map(neutral);
    for (let i = 0; i < x.shape.length; i++) if (changed[i]) stored[storedAxis(order, i)] = amounts[i]!;
    const inputs = node.inputs.map((v, i) =>
      i === 0 ? view.stored : i === position ? pass.g.ints(stored) : v,
    );
    pass.emit(node, inputs, (shape) => completed(order, shape));
  };
}

const reshape: Rule = (pass, node) => {
  const [x] = node.inputs as [Value];
  const out = node.outputs[0]!;
  const view = pass.view(x);
  const moved = isPlain(view) ? undefined : reshapeView(pass.g, view, out.shape);
  if (moved) pass.define(out, moved.stored, moved.axes);
  else pass.define(out, pass.g.reshape(pass.plain(x), out.shape));
};

/** Operators along one axis that are fast on the last stored axis only. */
const alongLastAxis: Rule = (pass, node) => {
  const view = pass.view(node.inputs[0]!);
  const order = orderOf(view);
  const axis = node.attributes.axis as number;
  const stored = storedAxis(order, axis);
  if (order.axes[axis]!.length > 1 || stored !== view.stored.shape.length - 1) return inOrder(pass, node);
  pass.emit(node, [view.stored], () => order, { ...node.attributes, axis: stored });
};

const UNARY =
  "Abs Acos Acosh Asin Asinh Atan Atanh Cast Ceil Clip Cos Cosh Elu Erf Exp Floor Identity IsInf IsNaN LeakyRelu Log " +
  "Neg Not Reciprocal Relu Round Selu Sigmoid Sign Sin Sinh Softplus Sqrt Tan Tanh Gelu QuickGelu HardSigmoid";
const ELEMENTWISE =
  "Add And BitwiseAnd Div Equal Greater GreaterOrEqual Less LessOrEqual Max Min Mod Mul Or Pow PRelu Sub Where Xor";

export const RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(UNARY.split(" ").map((type) => [type, unary])),
  ...Object.fromEntries(ELEMENTWISE.split(" ").map((type) => [type, elementwise])),
  Add: channelwiseOr(elementwise),
  Mul: channelwiseOr(elementwise),
  Sub: channelwiseOr(elementwise),
  ...BLOCKED_RULES,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  ReduceSum: reduce,
  ReduceMean: reduce,
  ReduceMax: reduce,
  ReduceMin: reduce,
  ReduceProd: reduce,
  Slice: slice,
  Standardize: standardize,
  Pad: pad,
  Expand: perAxis(1, () => 1),
  Tile: perAxis(1, () => 1),
  Resize: perAxis(3, (dim) => dim),
  Reshape: reshape,
  Softmax: alongLastAxis,
  LogSoftmax: alongLastAxis,
};

export function applyRule(pass: LayoutPass, node: Node): void {
  if (pass.writeDeferred(node) || writeAttention(pass, node)) return;
  (RULES[node.type] ?? inOrder)(pass, node);
}

function integers(value: Value): number[] {
  const list = Array.from(value.constant as BigInt64Array, Number);
  return sameShape(value.shape, [list.length]) ? list : Array<number>(sizeOf(value.shape)).fill(list[0]!);
}
