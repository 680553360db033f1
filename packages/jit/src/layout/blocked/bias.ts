/** A sum of a blocked convolution and a vector over its channels is written as the convolution's bias. */

import { type Node, sizeOf, type Value } from "../../graph/types.ts";
import type { LayoutPass, Rule } from "../pass.ts";
import { wholeBlocks } from "./order.ts";

/** The vector that is added to a convolution's result, where nothing else reads that result. */
export function addedBias(sum: Node, result: Value): Value | undefined {
  if (sum.type !== "Add") return undefined;
  const other = sum.inputs.find((v) => v !== result);
  const channels = result.shape.at(-1)!;
  const isVector = other && other.shape.at(-1) === channels && sizeOf(other.shape) === channels;
  return isVector && other.shape.length <= result.shape.length ? other : undefined;
}

/** Makes a convolution's rule wait for the bias, if there is one. */
export function deferringBias(write: (pass: LayoutPass, node: Node, out: Value, bias?: Value) => void): Rule {
  return (pass, node) => {
    const [result] = node.outputs as [Value];
    const consumer = pass.soleConsumer(result);
    if (consumer && addedBias(consumer, result)) pass.defer(node);
    else write(pass, node, result);
  };
}

/** A bias vector as nchwc operators take it. */
export function blockedBias(pass: LayoutPass, bias: Value | undefined, channels: number): Value[] {
  if (!bias) return [];
  const { g, block } = pass;
  const vector = g.reshape(pass.plain(bias), [channels]);
  return [g.pad(vector, [0], [wholeBlocks(channels, block) - channels])];
}
