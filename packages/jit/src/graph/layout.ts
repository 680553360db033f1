/**
 * Layout propagation. tfjs convolutions are NHWC and ONNX's are NCHW, so their lowerings transpose on both sides.
 * Here no transposition is carried out where it is written: each value is held as a *view* (a stored tensor and the
 * permutation that is still owed), operators that work in any axis order compute on the stored tensor with their axes
 * renamed, and a Transpose is only emitted for an operator that needs one order. Between convolutions none is left.
 */

import { GraphBuilder } from "./builder.ts";
import { regroup } from "./regroup.ts";
import { type Graph, type Node, type Shape, sizeOf, type Value } from "./types.ts";

/** logical = transpose(stored, perm) */
export interface View {
  readonly stored: Value;
  readonly perm: readonly number[];
}

export function propagateLayout(graph: Graph): Graph {
  const pass = new LayoutPass();
  const inputs = graph.inputs.map(({ name, value }) => {
    const input = pass.g.input(name, value.dtype, value.shape);
    pass.define(value, input);
    return { name, value: input };
  });
  for (const node of graph.nodes) (RULES[node.type] ?? inOrder)(pass, node);
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: pass.ordered(value) }));
  return { ...pass.g.finish(outputs), inputs };
}

type Rule = (pass: LayoutPass, node: Node) => void;

class LayoutPass {
  readonly g = new GraphBuilder();
  private readonly views = new Map<number, View>();

  define(logical: Value, stored: Value, perm: readonly number[] = identity(stored.shape.length)): void {
    this.views.set(logical.id, { stored, perm });
  }

  view(value: Value): View {
    const view = this.views.get(value.id);
    if (view) return view;
    const constant = this.g.constant(value.constant!, value.dtype, value.shape);
    this.define(value, constant);
    return this.views.get(value.id)!;
  }

  /** The value in its logical axis order. */
  ordered(value: Value): Value {
    return this.storedAs(value, identity(value.shape.length));
  }

  /** A stored tensor of which the value is the transposition by `perm`. */
  storedAs(value: Value, perm: readonly number[]): Value {
    const { stored, perm: owed } = this.view(value);
    const back = inverse(perm);
    return this.g.transpose(
      stored,
      back.map((axis) => owed[axis]!),
    );
  }

  emit(
    node: Node,
    inputs: readonly (Value | undefined)[],
    perm?: readonly number[],
    attributes = node.attributes,
  ): void {
    const results = this.g.ops(
      node.type,
      inputs,
      attributes,
      node.outputs.map((o) => ({ dtype: o.dtype, shape: perm ? unpermute(o.shape, perm) : o.shape })),
      node.domain,
    );
    node.outputs.forEach((o, i) => this.define(o, results[i]!, perm));
  }
}

const inOrder: Rule = (pass, node) => {
  pass.emit(
    node,
    node.inputs.map((v) => v && pass.ordered(v)),
  );
};

const transpose: Rule = (pass, node) => {
  const { stored, perm } = pass.view(node.inputs[0]!);
  const by = node.attributes.perm as readonly number[];
  pass.define(
    node.outputs[0]!,
    stored,
    by.map((axis) => perm[axis]!),
  );
};

const unary: Rule = (pass, node) => {
  const { stored, perm } = pass.view(node.inputs[0]!);
  const [, ...rest] = node.inputs;
  pass.emit(node, [stored, ...rest.map((v) => v && pass.ordered(v))], perm);
};

const elementwise: Rule = (pass, node) => {
  const out = node.outputs[0]!;
  const perm = preferredOrder(pass, node.inputs as Value[], out.shape);
  const rank = out.shape.length;
  const inputs = (node.inputs as Value[]).map((v) => {
    if (v.shape.length === rank) return pass.storedAs(v, perm);
    if (sizeOf(v.shape) === 1 && v.shape.length === 0) return pass.ordered(v);
    const padded = [...Array<number>(rank - v.shape.length).fill(1), ...v.shape];
    return pass.g.transpose(pass.g.reshape(pass.ordered(v), padded), inverse(perm));
  });
  pass.emit(node, inputs, perm);
};

/** The axis order in which the largest operand is stored already; a pending transposition wins a tie. */
function preferredOrder(pass: LayoutPass, inputs: readonly Value[], shape: Shape): readonly number[] {
  let best: readonly number[] = identity(shape.length);
  let bestSize = 0;
  for (const value of inputs) {
    if (value.shape.length !== shape.length || value.constant) continue;
    const { perm } = pass.view(value);
    const size = sizeOf(value.shape) + (isIdentity(perm) ? 0 : 0.5);
    if (size > bestSize) [best, bestSize] = [perm, size];
  }
  return best;
}

const concat: Rule = (pass, node) => {
  const perm = preferredOrder(pass, node.inputs as Value[], node.outputs[0]!.shape);
  const axis = perm[node.attributes.axis as number]!;
  pass.emit(
    node,
    (node.inputs as Value[]).map((v) => pass.storedAs(v, perm)),
    perm,
    { axis },
  );
};

const split: Rule = (pass, node) => {
  const { stored, perm } = pass.view(node.inputs[0]!);
  const axis = perm[node.attributes.axis as number]!;
  pass.emit(node, [stored, pass.ordered(node.inputs[1]!)], perm, { ...node.attributes, axis });
};

/** Operators whose second input lists axes, results keeping their rank (keepdims = 1). */
const reduce: Rule = (pass, node) => {
  const { stored, perm } = pass.view(node.inputs[0]!);
  const axes = integers(node.inputs[1]!).map((axis) => perm[axis]!);
  pass.emit(node, [stored, pass.g.ints(axes.sort((a, b) => a - b))], perm);
};

const slice: Rule = (pass, node) => {
  const [x, starts, ends, axes, steps] = node.inputs as [Value, Value, Value, Value, Value];
  const { stored, perm } = pass.view(x);
  const renamed = pass.g.ints(integers(axes).map((axis) => perm[axis]!));
  pass.emit(node, [stored, pass.ordered(starts), pass.ordered(ends), renamed, pass.ordered(steps)], perm);
};

const pad: Rule = (pass, node) => {
  const [x, pads, fill] = node.inputs as [Value, Value, Value | undefined];
  const { stored, perm } = pass.view(x);
  const amounts = integers(pads);
  const rank = perm.length;
  const renamed = pass.g.ints([
    ...unpermute(amounts.slice(0, rank), perm),
    ...unpermute(amounts.slice(rank), perm),
  ]);
  pass.emit(node, [stored, renamed, fill && pass.ordered(fill)], perm);
};

/** Operators whose second input has one number per axis: Expand, Tile. */
const perAxis: Rule = (pass, node) => {
  const [x, amounts] = node.inputs as [Value, Value];
  const { stored, perm } = pass.view(x);
  if (x.shape.length !== node.outputs[0]!.shape.length) return inOrder(pass, node);
  pass.emit(node, [stored, pass.g.ints(unpermute(integers(amounts), perm))], perm);
};

const reshape: Rule = (pass, node) => {
  const out = node.outputs[0]!;
  const { stored, perm } = pass.view(node.inputs[0]!);
  const plan = isIdentity(perm) ? undefined : regroup(node.inputs[0]!.shape, out.shape, perm);
  if (plan) pass.define(out, pass.g.reshape(stored, plan.stored), plan.perm);
  else pass.define(out, pass.g.reshape(pass.ordered(node.inputs[0]!), out.shape));
};

/** Operators along one axis that are as fast on the last stored axis as anywhere, and slow on the others. */
const alongLastAxis: Rule = (pass, node) => {
  const { stored, perm } = pass.view(node.inputs[0]!);
  const axis = perm[node.attributes.axis as number]!;
  if (axis !== perm.length - 1) return inOrder(pass, node);
  pass.emit(node, [stored], perm, { ...node.attributes, axis });
};

const UNARY =
  "Abs Acos Acosh Asin Asinh Atan Atanh Cast Ceil Clip Cos Cosh Elu Erf Exp Floor Identity IsInf IsNaN LeakyRelu Log " +
  "Neg Not Reciprocal Relu Round Selu Sigmoid Sign Sin Sinh Softplus Sqrt Tan Tanh Gelu QuickGelu HardSigmoid";
const ELEMENTWISE =
  "Add And BitwiseAnd Div Equal Greater GreaterOrEqual Less LessOrEqual Max Min Mod Mul Or Pow PRelu Sub Where Xor";

const RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(UNARY.split(" ").map((type) => [type, unary])),
  ...Object.fromEntries(ELEMENTWISE.split(" ").map((type) => [type, elementwise])),
  Transpose: transpose,
  Concat: concat,
  Split: split,
  ReduceSum: reduce,
  ReduceMean: reduce,
  ReduceMax: reduce,
  ReduceMin: reduce,
  ReduceProd: reduce,
  ReduceSumSquare: reduce,
  Slice: slice,
  Pad: pad,
  Expand: perAxis,
  Tile: perAxis,
  Reshape: reshape,
  Softmax: alongLastAxis,
  LogSoftmax: alongLastAxis,
};

function identity(rank: number): number[] {
  return Array.from({ length: rank }, (_, i) => i);
}

function isIdentity(perm: readonly number[]): boolean {
  return perm.every((axis, i) => axis === i);
}

export function inverse(perm: readonly number[]): number[] {
  const back = Array<number>(perm.length);
  perm.forEach((axis, i) => {
    back[axis] = i;
  });
  return back;
}

/** From the logical axis order to the stored one. */
function unpermute(xs: readonly number[], perm: readonly number[]): number[] {
  return inverse(perm).map((i) => xs[i]!);
}

function integers(value: Value): number[] {
  const data = value.constant!;
  const list = Array.from(data as BigInt64Array, Number);
  return list.length === 1 ? Array<number>(sizeOf(value.shape)).fill(list[0]!) : list;
}
