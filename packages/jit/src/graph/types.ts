/** The graph that a trace records: ONNX operators over values whose shapes are all known. */

/** Element types used in graphs. tfjs has the first three; int64 holds shapes and indices, uint8 raw pixels. */
export type DType = "float32" | "int32" | "bool" | "int64" | "uint8";
export type Shape = readonly number[];
export type ConstantData = Float32Array | Int32Array | Uint8Array | BigInt64Array;

export interface Value {
  readonly id: number;
  readonly dtype: DType;
  readonly shape: Shape;
  /** The node that computes it; undefined for inputs and constants. */
  readonly producer?: Node;
  /** Its elements where they are known. A single element stands for a whole tensor of that value. */
  readonly constant?: ConstantData;
}

export type Attribute =
  | number
  | readonly number[]
  | string
  | { readonly float: number }
  | { readonly floats: readonly number[] };

export interface Node {
  readonly type: string;
  readonly domain: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly outputs: readonly Value[];
}

export interface GraphInput {
  readonly name: string;
  readonly value: Value;
}

export interface Graph {
  readonly inputs: readonly GraphInput[];
  /** In an order in which each node comes after what it reads. */
  readonly nodes: readonly Node[];
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
}

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const dim of shape) size *= dim;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** Shape of an elementwise operation (NumPy's broadcasting rule). */
export function broadcastShapes(...shapes: Shape[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, i) => {
    let dim = 1;
    for (const shape of shapes) {
      const d = shape[i - rank + shape.length] ?? 1;
      if (d === 1) continue;
      if (dim !== 1 && dim !== d) throw new RangeError(`Shapes [${shapes.join("] and [")}] do not broadcast`);
      dim = d;
    }
    return dim;
  });
}

/** Whether all elements of a constant are the same, and so held as one. */
export function isUniform(value: Value): boolean {
  return value.constant?.length === 1;
}

/** The elements of a constant at full length. */
export function expandConstant(value: Value): ConstantData {
  const data = value.constant;
  if (data === undefined) throw new TypeError("expandConstant: not a constant");
  const size = sizeOf(value.shape);
  if (data.length === size) return data;
  const full = new (data.constructor as new (n: number) => ConstantData)(size);
  return full.fill(data[0] as never);
}
