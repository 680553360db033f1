/** The state of layout propagation: the graph being written, and the view that holds each value of the graph being read. */

import { GraphBuilder } from "../graph/builder.ts";
import type { Node, Shape, Value } from "../graph/types.ts";
import type { Target } from "../kernels/lowering.ts";
import { reorder } from "./blocked/order.ts";
import { convert, type Order, orderFor, plainAxes, plainOrder, storedShape, type View } from "./view.ts";

export type Rule = (pass: LayoutPass, node: Node) => void;

export class LayoutPass {
  readonly g = new GraphBuilder();
  readonly target: Target;
  /** Channels that the device's convolutions keep together in memory; 0 where they have no such layout. */
  readonly block: number;
  private readonly views = new Map<number, View>();
  private readonly consumers: ReadonlyMap<number, readonly (Node | undefined)[]>;
  private readonly deferred = new Map<Node, () => void>();

  /** @param consumers the nodes that read each value; undefined stands for a graph output */
  constructor(target: Target, block: number, consumers: ReadonlyMap<number, readonly (Node | undefined)[]>) {
    this.target = target;
    this.block = block;
    this.consumers = consumers;
  }

  /** The only node that reads a value, if only one does and the value is no output. */
  soleConsumer(value: Value): Node | undefined {
    const nodes = this.consumers.get(value.id) ?? [];
    return nodes.length === 1 ? nodes[0] : undefined;
  }

  /** Has `node` written by `write`, when it is reached, instead of by its rule. */
  defer(node: Node, write: () => void): void {
    this.deferred.set(node, write);
  }

  isDeferred(node: Node): boolean {
    return this.deferred.has(node);
  }

  /** False where nothing was deferred until this node. */
  writeDeferred(node: Node): boolean {
    const write = this.deferred.get(node);
    write?.();
    return write !== undefined;
  }

  define(value: Value, stored: Value, axes: View["axes"] = plainAxes(stored.shape.length)): void {
    this.views.set(value.id, { stored, axes });
  }

  view(value: Value): View {
    const known = this.views.get(value.id);
    if (known) return known;
    this.define(value, this.g.constant(value.constant!, value.dtype, value.shape));
    return this.views.get(value.id)!;
  }

  /** The value stored in its logical axis order. */
  plain(value: Value): Value {
    return this.storedAs(value, plainOrder(value.shape));
  }

  /** The value stored in this order; axes in which it is broadcast have length one. */
  storedAs(value: Value, order: Order): Value {
    const view = this.view(value);
    const to = orderFor(value.shape, order);
    return reorder(this.g, view, to, this.block) ?? convert(this.g, view, to);
  }

  /**
   * A reduction over axes of a stored tensor, keeping the rank. ONNX Runtime is several times slower over the batch axis
   * together with others than over the others first.
   */
  reduceStored(type: string, stored: Value, axes: readonly number[]): Value {
    const inner = axes.filter((axis) => axis !== 0);
    const rounds = axes.includes(0) && inner.length > 0 ? [inner, [0]] : [axes];
    return rounds.reduce((x, round) => this.g.reduce(type, x, round, true), stored);
  }

  /** Writes the node on stored inputs, its results stored with these axes. */
  emit(
    node: Node,
    inputs: readonly (Value | undefined)[],
    order?: (shape: Shape) => Order,
    attributes = node.attributes,
  ): void {
    const orders = node.outputs.map(({ shape }) => (order ? order(shape) : plainOrder(shape)));
    const outputs = node.outputs.map(({ dtype }, i) => ({ dtype, shape: storedShape(orders[i]!) }));
    const results = this.g.ops(node.type, inputs, attributes, outputs, node.domain);
    for (const [i, value] of node.outputs.entries()) this.define(value, results[i]!, orders[i]!.axes);
  }
}
