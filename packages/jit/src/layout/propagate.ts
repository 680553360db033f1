/**
 * Layout propagation. tfjs convolutions are NHWC and ONNX's are NCHW, so their lowerings transpose on both sides; fast CPU
 * convolutions want channels in blocks. Here no transposition is carried out where it is written: each value is held as a
 * view (`view.ts`), operators that work in any axis order compute on what is stored, and elements only move for an
 * operator that needs one order. Between convolutions, norms, activations and concatenations nothing moves.
 */

import { prune } from "../graph/prune.ts";
import type { Graph, Node } from "../graph/types.ts";
import type { Target } from "../kernels/lowering.ts";
import { LayoutPass } from "./pass.ts";
import { applyRule } from "./rules.ts";

/** @param block channels that convolutions on the device keep together (`blocked/`), 0 for standard operators only */
export function propagateLayout(graph: Graph, target: Target, block: number): Graph {
  const pass = new LayoutPass(target, block, consumersOf(graph));
  const inputs = graph.inputs.map(({ name, value }) => {
    const input = pass.g.input(name, value.dtype, value.shape);
    pass.define(value, input);
    return { name, value: input };
  });
  for (const node of graph.nodes) applyRule(pass, node);
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: pass.plain(value) }));
  return prune({ ...pass.g.finish(outputs), inputs });
}

function consumersOf(graph: Graph): Map<number, (Node | undefined)[]> {
  const consumers = new Map<number, (Node | undefined)[]>();
  const add = (id: number, node?: Node): void => void consumers.set(id, [...(consumers.get(id) ?? []), node]);
  for (const node of graph.nodes) for (const input of node.inputs) if (input) add(input.id, node);
  for (const { value } of graph.outputs) add(value.id);
  return consumers;
}
