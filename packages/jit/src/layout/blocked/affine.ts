/**
 * Sums and products of blocked channels and a vector over channels, as a normalisation has them: convolutions of each channel by itself, of
 * one pixel. ONNX Runtime broadcasts a vector over blocks one block at a time, at half the speed of memory; the convolution runs at all of
 * it, and takes a sum and an activation that follow in the same pass.
 */

import { type Shape, sameShape, sizeOf, type Value } from "../../graph/types.ts";
import type { LayoutPass, Rule } from "../pass.ts";
import { orderOf, sameOrder } from "../view.ts";
import { blockedInput, blockedOrder, defineBlocked, NCHWC } from "./order.ts";
import {
  biasOf,
  blockedBias,
  channelVector,
  fused,
  isChannelVector,
  type Tail,
  writeWithTail,
} from "./tail.ts";

/** The rule of Add, Mul and Sub. @param otherwise the rule for all other operands */
export function channelwiseOr(otherwise: Rule): Rule {
  return (pass, node) => {
    const image = (node.inputs as Value[]).find((value) => isBlocked(pass, value, node.outputs[0]!.shape));
    if (!image) return otherwise(pass, node);
    const other = node.inputs.find((value) => value !== image);
    if (node.type === "Mul" && other && isChannelVector(other, image)) {
      return writeWithTail(pass, node, (tail) => writeAffine(pass, image, other, tail));
    }
    const bias = biasOf(node, image);
    if (!bias) return otherwise(pass, node);
    writeWithTail(pass, node, (tail) => writeAffine(pass, image, undefined, { ...tail, bias }), false);
  };
}

/** Images of more than one pixel, of whole blocks of channels and stored so. */
function isBlocked(pass: LayoutPass, value: Value, shape: Shape): boolean {
  const [n, h, w, c] = shape as [number, number, number, number];
  if (pass.block === 0 || shape.length !== 4 || c % pass.block !== 0 || sizeOf(shape) === c) return false;
  if (value.dtype !== "float32" || value.constant || !sameShape(value.shape, shape)) return false;
  return sameOrder(orderOf(pass.view(value)), blockedOrder([n, h, w, c], pass.block));
}

function writeAffine(
  pass: LayoutPass,
  x: Value,
  scale: Value | undefined,
  { out, bias, activation }: Tail,
): void {
  const { g } = pass;
  const channels = x.shape.at(-1)!;
  const weights = scale ? channelVector(pass, scale) : g.fill(1, "float32", [channels]);
  const input = blockedInput(pass, x);
  const y = g.op(
    "Conv",
    [input, g.reshape(weights, [channels, 1, 1, 1]), ...blockedBias(pass, bias, channels)],
    {
      kernel_shape: [1, 1],
      strides: [1, 1],
      dilations: [1, 1],
      pads: [0, 0, 0, 0],
      group: channels,
      ...fused(activation),
    },
    { dtype: "float32", shape: input.shape },
    NCHWC,
  );
  defineBlocked(pass, out, y);
}
