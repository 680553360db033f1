/** Writes a graph as an ONNX model (opset 18, IR version 8: readable by ONNX Runtime 1.14 and later). */

import onnxProto, { type onnx } from "onnx-proto";
import { ONNX_TYPE } from "./builder.ts";
import type { Attribute, ConstantData, Graph, Node, Value } from "./types.ts";

const OPSET = 18;
const IR_VERSION = 8;
const ATTRIBUTE = onnxProto.onnx.AttributeProto.AttributeType;

export function encode(graph: Graph): Uint8Array {
  const names = new Map<number, string>();
  for (const { name, value } of graph.inputs) names.set(value.id, name);
  for (const node of graph.nodes) for (const value of node.outputs) names.set(value.id, `v${value.id}`);
  // The operator that computes a result writes it to where results go; a copy would cost a pass over memory.
  const copied = graph.outputs.filter(({ name, value }) => {
    if (names.get(value.id) !== `v${value.id}`) return true; // An input, a constant, or a result already.
    names.set(value.id, name);
    return false;
  });

  const initializers = new Map<number, onnx.ITensorProto>();
  const nodes: onnx.INodeProto[] = [];
  const nameOf = (value: Value | undefined): string => {
    if (value === undefined) return "";
    const name = names.get(value.id);
    if (name !== undefined) return name;
    const constant = `c${value.id}`;
    names.set(value.id, constant);
    if (value.constant!.length === 1 && value.shape.some((dim) => dim !== 1))
      nodes.push(uniform(value, constant, initializers));
    else initializers.set(value.id, tensor(value.constant!, value, constant));
    return constant;
  };

  for (const node of graph.nodes) nodes.push(encodeNode(node, node.inputs.map(nameOf), names));
  for (const { name, value } of copied) {
    nodes.push({ opType: "Identity", input: [nameOf(value)], output: [name] });
  }

  const domains = new Set(graph.nodes.map((node) => node.domain).filter((domain) => domain !== ""));
  return onnxProto.onnx.ModelProto.encode({
    irVersion: IR_VERSION,
    producerName: "touchstone",
    opsetImport: [{ domain: "", version: OPSET }, ...[...domains].map((domain) => ({ domain, version: 1 }))],
    graph: {
      name: "touchstone",
      node: nodes,
      initializer: [...initializers.values()],
      input: graph.inputs.map(({ name, value }) => valueInfo(name, value)),
      output: graph.outputs.map(({ name, value }) => valueInfo(name, value)),
    },
  }).finish();
}

function encodeNode(node: Node, input: string[], names: Map<number, string>): onnx.INodeProto {
  return {
    opType: node.type,
    domain: node.domain,
    input,
    output: node.outputs.map((value) => names.get(value.id)!),
    attribute: Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value)),
  };
}

function encodeAttribute(name: string, value: Attribute): onnx.IAttributeProto {
  if (typeof value === "string") return { name, type: ATTRIBUTE.STRING, s: Buffer.from(value) };
  if (typeof value === "number") return { name, type: ATTRIBUTE.INT, i: value };
  if ("float" in value) return { name, type: ATTRIBUTE.FLOAT, f: value.float };
  if ("floats" in value) return { name, type: ATTRIBUTE.FLOATS, floats: [...value.floats] };
  return { name, type: ATTRIBUTE.INTS, ints: [...value] };
}

function valueInfo(name: string, { dtype, shape }: Value): onnx.IValueInfoProto {
  const dim = shape.map((dimValue) => ({ dimValue }));
  return { name, type: { tensorType: { elemType: ONNX_TYPE[dtype], shape: { dim } } } };
}

function tensor(
  data: ConstantData,
  { dtype, shape }: Pick<Value, "dtype" | "shape">,
  name: string,
): onnx.ITensorProto {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dataType: ONNX_TYPE[dtype], dims: [...shape], rawData };
}

/** A large tensor of one repeated element takes one node, not its size in bytes. */
function uniform(value: Value, name: string, initializers: Map<number, onnx.ITensorProto>): onnx.INodeProto {
  const shape = `${name}_shape`;
  const dims = BigInt64Array.from(value.shape, BigInt);
  initializers.set(-value.id - 1, tensor(dims, { dtype: "int64", shape: [dims.length] }, shape));
  const t = tensor(value.constant!, { dtype: value.dtype, shape: [1] }, "");
  const attribute = [{ name: "value", type: ATTRIBUTE.TENSOR, t }];
  return { opType: "ConstantOfShape", input: [shape], output: [name], attribute };
}
