/**
 * Builds a graph one operator at a time. Shapes are inferred here; equal operators on equal inputs are one node
 * (hash consing); what costs nothing to simplify is simplified on the way in. Kernels are written on top of this.
 */

import {
  type Attribute,
  broadcastShapes,
  type ConstantData,
  type DType,
  expandConstant,
  type Graph,
  type GraphInput,
  isUniform,
  type Node,
  type Shape,
  sameShape,
  sizeOf,
  type Value,
} from "./types.ts";

export interface Output {
  dtype: DType;
  shape: Shape;
}

export class GraphBuilder {
  private nextId = 0;
  private readonly inputs: GraphInput[] = [];
  private readonly nodes: Node[] = [];
  private readonly known = new Map<string, Node>();
  private readonly smallConstants = new Map<string, Value>();

  input(name: string, dtype: DType, shape: Shape): Value {
    const value: Value = { id: this.nextId++, dtype, shape };
    this.inputs.push({ name, value });
    return value;
  }

  finish(outputs: Graph["outputs"]): Graph {
    return { inputs: this.inputs, nodes: this.nodes, outputs };
  }

  // ---- constants -------------------------------------------------------------------------------------------

  constant(data: ConstantData, dtype: DType, shape: Shape): Value {
    const elements = isRepeated(data) ? data.slice(0, 1) : data;
    const make = (): Value => ({ id: this.nextId++, dtype, shape, constant: elements });
    if (elements.length > 8) return make();
    const negativeZero = elements.length === 1 && Object.is(elements[0], -0);
    return remember(this.smallConstants, `${dtype}[${shape}]${elements.join()}${negativeZero}`, make);
  }

  /** A tensor whose elements all equal `x`. */
  fill(x: number, dtype: DType, shape: Shape = []): Value {
    const data =
      dtype === "float32"
        ? Float32Array.of(x)
        : dtype === "int32"
          ? Int32Array.of(x)
          : dtype === "int64"
            ? BigInt64Array.of(BigInt(x))
            : Uint8Array.of(x);
    return this.constant(sizeOf(shape) === 0 ? data.slice(0, 0) : data, dtype, shape);
  }

  float(x: number): Value {
    return this.fill(x, "float32");
  }

  /** A vector of int64, for shapes, axes and the like. */
  ints(xs: readonly number[]): Value {
    return this.constant(BigInt64Array.from(xs, BigInt), "int64", [xs.length]);
  }

  // ---- operators -------------------------------------------------------------------------------------------

  /** Any operator with several outputs. */
  ops(
    type: string,
    inputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, Attribute>>,
    outputs: readonly Output[],
    domain = "",
  ): readonly Value[] {
    const key = `${domain}:${type}(${inputs.map((v) => v?.id)})${JSON.stringify(attributes)}${outputs.length}`;
    const make = (): Node => {
      const node = { type, domain, inputs, attributes, outputs: [] as Value[] };
      node.outputs = outputs.map((o) => ({
        id: this.nextId++,
        dtype: o.dtype,
        shape: o.shape,
        producer: node,
      }));
      this.nodes.push(node);
      return node;
    };
    return remember(this.known, key, make).outputs;
  }

  /** Any operator with one output. */
  op(
    type: string,
    inputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, Attribute>>,
    output: Output,
    domain = "",
  ): Value {
    return this.ops(type, inputs, attributes, [output], domain)[0]!;
  }

  /** An elementwise operator of one input; `dtype` of the result defaults to the input's. */
  unary(
    type: string,
    x: Value,
    attributes: Readonly<Record<string, Attribute>> = {},
    dtype = x.dtype,
  ): Value {
    const small = expanded(x);
    if (small) return this.expand(this.unary(type, small, attributes, dtype), x.shape);
    return this.op(type, [x], attributes, { dtype, shape: x.shape });
  }

  /** An elementwise operator of several inputs, broadcast against each other. */
  elementwise(
    type: string,
    inputs: readonly Value[],
    dtype = inputs[0]!.dtype,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value {
    const shape = broadcastShapes(...inputs.map((v) => v.shape));
    const slim = slimOperands(inputs, shape, (v) => this.constant(v.constant!, v.dtype, []));
    const slimShape = broadcastShapes(...slim.map((v) => v.shape));
    const result = this.op(type, slim, attributes, { dtype, shape: slimShape });
    return this.expand(result, shape);
  }

  add(a: Value, b: Value): Value {
    return neutral(a, b, 0) ?? neutral(b, a, 0) ?? this.elementwise("Add", [a, b]);
  }

  sub(a: Value, b: Value): Value {
    return neutral(a, b, 0) ?? this.elementwise("Sub", [a, b]);
  }

  mul(a: Value, b: Value): Value {
    return neutral(a, b, 1) ?? neutral(b, a, 1) ?? this.elementwise("Mul", [a, b]);
  }

  div(a: Value, b: Value): Value {
    return neutral(a, b, 1) ?? this.elementwise("Div", [a, b]);
  }

  where(condition: Value, a: Value, b: Value): Value {
    // ONNX Runtime chooses between numbers only.
    if (a.dtype === "bool")
      return this.cast(this.where(condition, this.cast(a, "int32"), this.cast(b, "int32")), "bool");
    return this.elementwise("Where", [condition, a, b], a.dtype);
  }

  cast(x: Value, dtype: DType): Value {
    if (x.dtype === dtype) return x;
    return this.unary("Cast", x, { to: ONNX_TYPE[dtype] }, dtype);
  }

  reshape(x: Value, shape: Shape): Value {
    if (sameShape(x.shape, shape)) return x;
    if (sizeOf(shape) !== sizeOf(x.shape)) throw new RangeError(`reshape: [${x.shape}] to [${shape}]`);
    if (x.constant) return this.constant(x.constant, x.dtype, shape);
    const from = x.producer?.type === "Reshape" ? x.producer.inputs[0]! : x;
    if (sameShape(from.shape, shape)) return from;
    // Zero means "copy this dimension" to ONNX unless allowzero is set.
    const attributes = shape.includes(0) ? { allowzero: 1 } : {};
    return this.op("Reshape", [from, this.ints(shape)], attributes, { dtype: x.dtype, shape });
  }

  /** `out.shape[i] = x.shape[perm[i]]`. */
  transpose(x: Value, perm: readonly number[]): Value {
    const shape = perm.map((axis) => x.shape[axis]!);
    if (perm.every((axis, i) => axis === i)) return x;
    if (keepsOrder(x.shape, perm)) return this.reshape(x, shape);
    if (x.constant) return this.constant(transposeData(x, perm), x.dtype, shape);
    if (x.producer?.type === "Transpose") {
      const inner = x.producer.attributes.perm as readonly number[];
      return this.transpose(
        x.producer.inputs[0]!,
        perm.map((axis) => inner[axis]!),
      );
    }
    return this.op("Transpose", [x], { perm }, { dtype: x.dtype, shape });
  }

  expand(x: Value, shape: Shape): Value {
    if (sameShape(x.shape, shape)) return x;
    if (isUniform(x)) return this.constant(x.constant!, x.dtype, shape);
    return this.op("Expand", [expanded(x) ?? x, this.ints(shape)], {}, { dtype: x.dtype, shape });
  }

  /** Rows `start <= i < end` of each axis named, `step` apart; a negative step walks down from start to above end. */
  slice(
    x: Value,
    starts: readonly number[],
    ends: readonly number[],
    axes: readonly number[] = starts.map((_, i) => i),
    steps: readonly number[] = starts.map(() => 1),
  ): Value {
    const shape = [...x.shape];
    axes.forEach((axis, i) => {
      shape[axis] = Math.max(0, Math.ceil((ends[i]! - starts[i]!) / steps[i]!));
    });
    if (sameShape(shape, x.shape) && steps.every((step) => step === 1)) return x;
    if (isUniform(x)) return this.constant(x.constant!, x.dtype, shape);
    // Counting down to the first element needs an end before it, which a negative index would wrap around.
    const bounds = ends.map((end) => (end < 0 ? Number.MIN_SAFE_INTEGER : end));
    const inputs = [x, this.ints(starts), this.ints(bounds), this.ints(axes), this.ints(steps)];
    return this.op("Slice", inputs, {}, { dtype: x.dtype, shape });
  }

  concat(xs: readonly Value[], axis: number): Value {
    const parts = xs.filter((x) => x.shape[axis] !== 0);
    if (parts.length === 0) return xs[0]!;
    if (parts.length === 1) return parts[0]!;
    const shape = [...parts[0]!.shape];
    shape[axis] = parts.reduce((sum, x) => sum + x.shape[axis]!, 0);
    return this.op("Concat", parts, { axis }, { dtype: parts[0]!.dtype, shape });
  }

  /** Pads each axis by `before[i]` and `after[i]` elements equal to `x` (or by ONNX's `mode`). */
  pad(x: Value, before: readonly number[], after: readonly number[], fill = 0, mode = "constant"): Value {
    if ([...before, ...after].every((n) => n === 0)) return x;
    const shape = x.shape.map((dim, i) => dim + before[i]! + after[i]!);
    const inputs = [x, this.ints([...before, ...after])];
    if (mode === "constant") inputs.push(this.fill(fill, x.dtype));
    return this.op("Pad", inputs, { mode }, { dtype: x.dtype, shape });
  }

  /** ReduceSum, ReduceMean, ReduceMax, ReduceMin or ReduceProd over `axes`. */
  reduce(type: string, x: Value, axes: readonly number[], keepDims = false): Value {
    const kept = x.shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
    const sorted = [...axes].sort((a, b) => a - b);
    const isNoop = sorted.every((axis) => x.shape[axis] === 1);
    const reduced = isNoop
      ? x
      : this.op(type, [x, this.ints(sorted)], { keepdims: 1 }, { dtype: x.dtype, shape: kept });
    return keepDims
      ? reduced
      : this.reshape(
          reduced,
          x.shape.filter((_, i) => !axes.includes(i)),
        );
  }

  /** Matrix product of the last two axes; leading axes broadcast. */
  matMul(a: Value, b: Value): Value {
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return this.op(
      "MatMul",
      [a, b],
      {},
      { dtype: a.dtype, shape: [...batch, a.shape.at(-2)!, b.shape.at(-1)!] },
    );
  }

  /** `a' b' + c` of matrices, where a' and b' may be transposed. */
  gemm(
    a: Value,
    b: Value,
    { transA = false, transB = false, c }: { transA?: boolean; transB?: boolean; c?: Value } = {},
  ): Value {
    const shape = [a.shape[transA ? 1 : 0]!, b.shape[transB ? 0 : 1]!];
    const inputs = c ? [a, b, c] : [a, b];
    return this.op(
      "Gemm",
      inputs,
      { transA: Number(transA), transB: Number(transB) },
      { dtype: a.dtype, shape },
    );
  }
}

/** TensorProto.DataType */
export const ONNX_TYPE: Record<DType, number> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 };

function remember<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

/** What an Expand was made from. */
function expanded(x: Value): Value | undefined {
  return x.producer?.type === "Expand" ? x.producer.inputs[0] : undefined;
}

/**
 * Operands of an elementwise operator without the broadcasting already done to them: uniform constants become scalars
 * and expanded values what they were, as long as the result keeps its rank.
 */
function slimOperands(inputs: readonly Value[], shape: Shape, toScalar: (v: Value) => Value): Value[] {
  const slim = inputs.map((v) => expanded(v) ?? (isUniform(v) && v.shape.length > 0 ? toScalar(v) : v));
  const rank = Math.max(...slim.map((v) => v.shape.length));
  return rank === shape.length ? slim : [...inputs];
}

/** `x` where combining it with the uniform constant `c` changes nothing. */
function neutral(x: Value, c: Value, element: number): Value | undefined {
  const same = isUniform(c) && Number(c.constant![0]) === element;
  return same && sameShape(broadcastShapes(x.shape, c.shape), x.shape) ? x : undefined;
}

/** Whether a transposition moves only axes of length one, so that no element changes place. */
function keepsOrder(shape: Shape, perm: readonly number[]): boolean {
  const moved = perm.filter((axis) => shape[axis] !== 1);
  return moved.every((axis, i) => i === 0 || axis > moved[i - 1]!);
}

function transposeData(x: Value, perm: readonly number[]): ConstantData {
  if (isUniform(x)) return x.constant!;
  const source = expandConstant(x);
  const target = source.slice() as ConstantData;
  const strides = x.shape.map((_, i) => sizeOf(x.shape.slice(i + 1)));
  const shape = perm.map((axis) => x.shape[axis]!);
  const step = perm.map((axis) => strides[axis]!);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < target.length; to++) {
    target[to] = source[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += step[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= step[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return target;
}

function isRepeated(data: ConstantData): boolean {
  const first = data[0];
  return data.length > 1 && data.every((x: number | bigint) => Object.is(x, first));
}
