/**
 * Channels in blocks: [n, c/b, h, w, b], the layout of ONNX Runtime's fastest CPU convolutions (domain
 * com.microsoft.nchwc). The runtime converts convolutions with constant weights to it by itself; here the convolutions of
 * training steps, whose weights are inputs, are written in it. Its operators call such a tensor [n, c, h, w].
 */

import type { GraphBuilder } from "../../graph/builder.ts";
import { type Shape, sameShape, sizeOf, type Value } from "../../graph/types.ts";
import { NCHW_TO_NHWC } from "../../kernels/conv/spec.ts";
import type { LayoutPass } from "../pass.ts";
import { type Order, orderOf, permutedOrder, plainOrder, sameOrder, type View } from "../view.ts";

export const NCHWC = "com.microsoft.nchwc";

type Shape4 = readonly [number, number, number, number];

export function blockedOrder([n, h, w, c]: Shape4, block: number): Order {
  return { axes: [[0], [2], [3], [1, 4]], factors: [[n], [h], [w], [c / block, block]] };
}

/** [n, h, w, c] stored as NCHW. */
export function channelsFirst(shape: Shape): Order {
  return permutedOrder(shape, NCHW_TO_NHWC);
}

export const BLOCKED_AXES = blockedOrder([0, 0, 0, 0], 1).axes;

/** The value [n, h, w, c] as nchwc operators take it: its channels padded with zeros to whole blocks. */
export function blockedInput(pass: LayoutPass, value: Value): Value {
  const [n, h, w, c] = value.shape as unknown as Shape4;
  if (c % pass.block === 0) {
    const stored = pass.storedAs(value, blockedOrder([n, h, w, c], pass.block));
    return pass.g.reshape(stored, [n, c, h, w]);
  }
  // Less than one block: [n, h, w, c] padded to [n, h, w, b] is stored as [n, 1, h, w, b] is.
  const padded = pass.g.pad(pass.plain(value), [0, 0, 0, 0], [0, 0, 0, pass.block - c]);
  return pass.g.reshape(padded, [n, pass.block, h, w]);
}

/** Defines `value` [n, h, w, c] as what an nchwc operator gave, less the channels it was padded by. */
export function defineBlocked(pass: LayoutPass, value: Value, result: Value): void {
  const [n, h, w, c] = value.shape as unknown as Shape4;
  const { g, block } = pass;
  if (c % block === 0) pass.define(value, g.reshape(result, [n, c / block, h, w, block]), BLOCKED_AXES);
  else pass.define(value, g.slice(g.reshape(result, [n, h, w, block]), [0], [c], [3]));
}

/**
 * Matrices [n, rows, columns] with their rows or their columns in blocks: [n, rows/b, columns, b] or [n, columns/b, rows, b]. To the
 * operator, which is several times as fast as a transposition, they are images one pixel wide.
 */
export function inBlocks(g: GraphBuilder, x: Value, block: number, axis: "rows" | "columns"): Value {
  const [n, rows, columns] = x.shape as [number, number, number];
  const [channels, pixels] = axis === "rows" ? [rows, columns] : [columns, rows];
  const image = axis === "rows" ? [n, rows, columns, 1] : [n, rows, 1, columns];
  const output = { dtype: "float32" as const, shape: [n, channels, pixels, 1] };
  const attributes = { channels_last: Number(axis === "columns") };
  const blocks = g.op("ReorderInput", [g.reshape(x, image)], attributes, output, NCHWC);
  return g.reshape(blocks, [n, channels / block, pixels, block]);
}

export function wholeBlocks(channels: number, block: number): number {
  return Math.ceil(channels / block) * block;
}

/**
 * Conversions between blocked channels and NHWC or NCHW have operators of their own, faster than a transposition. The value's axes may
 * have any names: [n, c, h, w] of a transposed image is stored as the image is.
 */
export function reorder(g: GraphBuilder, view: View, to: Order, block: number): Value | undefined {
  const [from, stored] = [orderOf(view), view.stored];
  const names = block === 0 || stored.constant ? undefined : (imageAxes(from) ?? imageAxes(to));
  if (!names) return undefined;
  const [source, target] = [named(from, names), named(to, names)];
  const [n, h, w, c] = target.factors.map(sizeOf) as unknown as Shape4;
  if (c % block !== 0 || h * w === 1) return undefined; // Of one pixel nothing moves.
  const blocked = blockedOrder([n, h, w, c], block);
  const intoBlocks = sameOrder(target, blocked);
  if (intoBlocks === sameOrder(source, blocked)) return undefined;
  const other = intoBlocks ? source : target;
  const channelsLast = sameOrder(other, plainOrder([n, h, w, c]));
  if (!channelsLast && !sameOrder(other, channelsFirst([n, h, w, c]))) return undefined;
  const attributes = { channels_last: Number(channelsLast) };
  if (intoBlocks) {
    const y = g.op("ReorderInput", [stored], attributes, { dtype: "float32", shape: [n, c, h, w] }, NCHWC);
    return g.reshape(y, [n, c / block, h, w, block]);
  }
  const shape = channelsLast ? [n, h, w, c] : [n, c, h, w];
  const x = g.reshape(stored, [n, c, h, w]);
  return g.op("ReorderOutput", [x], { ...attributes, channels: c }, { dtype: "float32", shape }, NCHWC);
}

/** Which axes are n, h, w and c, where channels are in blocks. */
function imageAxes({ axes }: Order): number[] | undefined {
  if (axes.length !== 4) return undefined;
  const names = BLOCKED_AXES.map((places) => axes.findIndex((list) => sameShape(list, places)));
  return names.includes(-1) ? undefined : names;
}

function named({ axes, factors }: Order, names: readonly number[]): Order {
  return { axes: names.map((axis) => axes[axis]!), factors: names.map((axis) => factors[axis]!) };
}
