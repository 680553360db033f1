/** What follows a convolution and alone reads its result is written as part of it: a vector over channels added, then an activation. */

import { type Attribute, type Node, sizeOf, type Value } from "../../graph/types.ts";
import type { LayoutPass } from "../pass.ts";
import { wholeBlocks } from "./order.ts";

export interface Tail {
  /** The last result, which is all that is to be defined. */
  readonly out: Value;
  readonly bias: Bias | undefined;
  readonly activation: Node | undefined;
}

export interface Bias {
  readonly vector: Value;
  readonly negative: boolean;
}

/** Writes a node once all is reached that can be written with it. @param sums whether that may be a bias, besides an activation */
export function writeWithTail(pass: LayoutPass, node: Node, write: (tail: Tail) => void, sums = true): void {
  const { nodes, tail } = tailOf(pass, node.outputs[0]!, sums);
  const last = nodes.pop();
  for (const between of nodes) pass.defer(between, () => {});
  if (last) pass.defer(last, () => write(tail));
  else write(tail);
}

function tailOf(pass: LayoutPass, result: Value, sums: boolean): { nodes: Node[]; tail: Tail } {
  const nodes: Node[] = [];
  let out = result;
  const next = (): Node | undefined => {
    const node = pass.soleConsumer(out);
    return node && !pass.isDeferred(node) ? node : undefined;
  };
  const take = (node: Node): void => {
    nodes.push(node);
    out = node.outputs[0]!;
  };
  const sum = sums ? next() : undefined;
  const bias = sum && biasOf(sum, out);
  if (bias) take(sum);
  const after = next();
  const activation = after?.type === "Relu" || after?.type === "LeakyRelu" ? after : undefined;
  if (activation) take(activation);
  return { nodes, tail: { out, bias, activation } };
}

/** The vector over channels, the last axis, that a sum or difference adds to `value`. */
export function biasOf({ type, inputs }: Node, value: Value): Bias | undefined {
  const [a, b] = inputs as [Value, Value];
  const vector =
    type === "Add" && b === value ? a : type === "Add" || (type === "Sub" && a === value) ? b : undefined;
  return vector && isChannelVector(vector, value) ? { vector, negative: type === "Sub" } : undefined;
}

/** One number for each of the channels of `value`. */
export function isChannelVector(vector: Value, { shape }: Value): boolean {
  const channels = shape.at(-1)!;
  return (
    vector.shape.at(-1) === channels &&
    sizeOf(vector.shape) === channels &&
    vector.shape.length <= shape.length
  );
}

/** A bias as nchwc operators take it. */
export function blockedBias(pass: LayoutPass, bias: Bias | undefined, channels: number): Value[] {
  if (!bias) return [];
  const { g, block } = pass;
  return [g.pad(biasVector(pass, bias), [0], [wholeBlocks(channels, block) - channels])];
}

/** [c] */
export function biasVector(pass: LayoutPass, { vector, negative }: Bias): Value {
  const plain = channelVector(pass, vector);
  return negative ? pass.g.unary("Neg", plain) : plain;
}

/** [c] */
export function channelVector(pass: LayoutPass, vector: Value): Value {
  return pass.g.reshape(pass.plain(vector), [sizeOf(vector.shape)]);
}

/** An activation as attributes of nchwc convolutions. */
export function fused(activation: Node | undefined): Record<string, Attribute> {
  if (!activation) return {};
  const { alpha } = activation.attributes as { alpha?: { float: number } };
  return { activation: activation.type, ...(alpha && { activation_params: { floats: [alpha.float] } }) };
}
