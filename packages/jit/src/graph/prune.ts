/** Drops the nodes that no output depends on. */

import type { Graph, Node } from "./types.ts";

export function prune(graph: Graph): Graph {
  const needed = new Set<Node>();
  const stack = graph.outputs.flatMap(({ value }) => value.producer ?? []);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (needed.has(node)) continue;
    needed.add(node);
    for (const input of node.inputs) if (input?.producer) stack.push(input.producer);
  }
  return { ...graph, nodes: graph.nodes.filter((node) => needed.has(node)) };
}
