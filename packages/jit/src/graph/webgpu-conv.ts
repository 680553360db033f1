/** Convolutions that ONNX Runtime 1.30's WebGPU provider computes wrongly, written as equal ones that it computes right. */

import type { Graph, Node, Value } from "./types.ts";

export function avoidWrongConvolutions(graph: Graph): Graph {
  const rewrite = new Rewrite(graph);
  for (const node of graph.nodes) {
    const isPlanar = node.type === "Conv" && node.inputs[0]!.shape.length === 4;
    rewrite.nodes.push(isPlanar ? withoutPadsAfter(rewrite, withoutThrees(rewrite, node)) : node);
  }
  return { ...graph, nodes: rewrite.nodes };
}

/**
 * Where the channels in are a multiple of three but not of four, and those out of four, the provider reads three at a time
 * and all but the first three from the wrong place (https://github.com/microsoft/onnxruntime/issues/29651 looks like it).
 */
function withoutThrees(rewrite: Rewrite, node: Node): Node {
  const [x, filter, ...bias] = node.inputs as [Value, Value, ...Value[]];
  const [out, channels] = filter.shape as [number, number];
  const isWrong = channels > 3 && channels % 3 === 0 && channels % 4 !== 0 && out % 4 === 0;
  if (!isWrong || (node.attributes.group ?? 1) !== 1) return node;
  const missing = 4 - (channels % 4);
  const widened = [x, filter].map((v) => rewrite.withZeros(v, 1, missing, "after"));
  return { ...node, inputs: [...widened, ...bias] };
}

/**
 * A kernel of one pixel, or as large as the image, the provider takes for a matrix product if nothing is padded before the
 * image, without a look at what is padded after it. A row of zeros before the kernel and one before the image change nothing.
 */
function withoutPadsAfter(rewrite: Rewrite, node: Node): Node {
  const [x, filter, ...bias] = node.inputs as [Value, Value, ...Value[]];
  const pads = (node.attributes.pads ?? [0, 0, 0, 0]) as readonly number[];
  const isProduct =
    [2, 3].every((axis) => filter.shape[axis] === 1) ||
    [2, 3].every((axis) => filter.shape[axis] === x.shape[axis]);
  if (!isProduct || pads[0] !== 0 || pads[1] !== 0 || pads.every((n) => n === 0)) return node;
  const [height, width] = filter.shape.slice(2) as [number, number];
  const [dilation] = (node.attributes.dilations ?? [1]) as [number];
  return {
    ...node,
    inputs: [x, rewrite.withZeros(filter, 2, 1, "before"), ...bias],
    attributes: {
      ...node.attributes,
      kernel_shape: [height + 1, width],
      pads: [dilation, 0, ...pads.slice(2)],
    },
  };
}

class Rewrite {
  readonly nodes: Node[] = [];
  private readonly known = new Map<string, Value>();
  private nextId: number;

  constructor({ inputs, nodes, outputs }: Graph) {
    const inside = nodes.flatMap((node) => [...node.inputs, ...node.outputs]);
    const all = [...inside, ...[...inputs, ...outputs].map(({ value }) => value)];
    this.nextId = 1 + all.reduce((largest, value) => Math.max(largest, value?.id ?? 0), 0);
  }

  /**
   * `count` zeros along one axis, before or after what is there; what several convolutions read is made once. By
   * concatenation: ONNX Runtime takes a Pad of a convolution's filter for one of its image, and drops it.
   */
  withZeros(x: Value, axis: number, count: number, place: "before" | "after"): Value {
    const key = `${x.id}:${axis}:${count}:${place}`;
    const known = this.known.get(key);
    if (known) return known;
    const constant = Float32Array.of(0);
    const zeros: Value = { id: this.nextId++, dtype: x.dtype, shape: x.shape.with(axis, count), constant };
    const inputs = place === "before" ? [zeros, x] : [x, zeros];
    const outputs: Value[] = [];
    const node: Node = { type: "Concat", domain: "", inputs, attributes: { axis }, outputs };
    const shape = x.shape.with(axis, x.shape[axis]! + count);
    const result: Value = { id: this.nextId++, dtype: x.dtype, shape, producer: node };
    outputs.push(result);
    this.nodes.push(node);
    this.known.set(key, result);
    return result;
  }
}
