/** The constants of a frozen TensorFlow graph: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/graph.proto */

import type { HostTensor } from "@touchstone/nn";
import protobuf from "protobufjs";
import { InvalidGraphError } from "./errors.ts";

/** What of a node is needed; fields that are not named here are passed over. */
const NodeDef = protobuf
  .parse(`
    syntax = "proto3";
    message NodeDef { string name = 1; string op = 2; map<string, AttrValue> attr = 5; }
    message AttrValue { Tensor tensor = 8; }
    message Tensor { int32 dtype = 1; Shape shape = 2; bytes content = 4; repeated float floats = 5; }
    message Shape { repeated Dim dim = 2; }
    // An int64 there; no size of a tensor that fits into a file exceeds 32 bits.
    message Dim { uint32 size = 1; }
  `)
  .root.lookupType("NodeDef");

interface Node {
  name: string;
  op: string;
  attr: Record<string, { tensor?: Tensor }>;
}

interface Tensor {
  dtype: number;
  shape?: { dim: { size: number }[] };
  content: Uint8Array;
  floats: number[];
}

const NODE_FIELD = 1;
const LENGTH_DELIMITED = 2;
const DT_FLOAT = 1;

/** Whether these are the first bytes of a graph: one begins with its first node. Safetensors files have a brace where a name would be. */
export function looksLikeGraph(start: Uint8Array): boolean {
  return start[0] === ((NODE_FIELD << 3) | LENGTH_DELIMITED) && start[8] !== "{".charCodeAt(0);
}

/**
 * The float32 constants called `wanted`, as far as they are there.
 *
 * @throws InvalidGraphError
 */
export function readConstants(
  bytes: Uint8Array,
  wanted: ReadonlySet<string>,
  path: string,
): Map<string, HostTensor> {
  const found = new Map<string, HostTensor>();
  for (const node of nodes(bytes, path)) {
    if (node.op !== "Const" || !wanted.has(node.name)) continue;
    const tensor = node.attr.value?.tensor;
    if (tensor === undefined) throw new InvalidGraphError(path, `a value of "${node.name}"`, "none");
    found.set(node.name, hostTensor(tensor, `${path}: the constant "${node.name}"`));
  }
  return found;
}

function* nodes(bytes: Uint8Array, path: string): Generator<Node> {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    let node: Node | undefined;
    try {
      const tag = reader.uint32();
      if (tag === ((NODE_FIELD << 3) | LENGTH_DELIMITED)) {
        node = NodeDef.decode(reader, reader.uint32()) as unknown as Node;
      } else reader.skipType(tag & 7);
    } catch (cause) {
      throw new InvalidGraphError(
        path,
        `a TensorFlow graph of ${bytes.length} bytes`,
        `a broken node at byte ${start}`,
        cause,
      );
    }
    if (node) yield node;
  }
}

function hostTensor({ dtype, shape, content, floats }: Tensor, where: string): HostTensor {
  if (dtype !== DT_FLOAT) throw new InvalidGraphError(where, "float32 numbers", `TensorFlow's type ${dtype}`);
  const sizes = (shape?.dim ?? []).map(({ size }) => size);
  const count = sizes.reduce((product, size) => product * size, 1);
  if (content.length > 0) {
    if (content.length !== count * 4) {
      throw new InvalidGraphError(
        where,
        `${count * 4} bytes, those of [${sizes.join(", ")}]`,
        `${content.length}`,
      );
    }
    // A copy: the bytes lie at any position of the file, and the file need not stay in memory.
    const data = new Float32Array(Uint8Array.from(content).buffer);
    return { dtype: "float32", shape: sizes, data };
  }
  if (floats.length !== count) {
    throw new InvalidGraphError(
      where,
      `${count} numbers, those of [${sizes.join(", ")}]`,
      `${floats.length}`,
    );
  }
  return { dtype: "float32", shape: sizes, data: Float32Array.from(floats) };
}
