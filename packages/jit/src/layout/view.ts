/**
 * Views: how a value of the graph is stored. A value has logical axes, as tfjs sees them; the stored tensor may have them
 * in another order, and may have an axis split in two that need not stand together. Both are renaming, not computing:
 * an operator that works in any axis order computes on the stored tensor, with its axes renamed.
 *
 * NCHW behind NHWC:                       axes [[0], [2], [3], [1]]
 * blocks of 16 channels, [n, c/16, h, w, 16]: axes [[0], [2], [3], [1, 4]]
 */

import type { GraphBuilder } from "../graph/builder.ts";
import { type Shape, sameShape, sizeOf, type Value } from "../graph/types.ts";

export interface View {
  readonly stored: Value;
  /** For each logical axis the stored axes that it is split over, outermost first. */
  readonly axes: readonly (readonly number[])[];
}

/** Where the logical axes are to be stored, and into which lengths each is to be split. */
export interface Order {
  readonly axes: readonly (readonly number[])[];
  readonly factors: readonly (readonly number[])[];
}

export function plainAxes(rank: number): number[][] {
  return Array.from({ length: rank }, (_, i) => [i]);
}

export function plainOrder(shape: Shape): Order {
  return { axes: plainAxes(shape.length), factors: shape.map((dim) => [dim]) };
}

export function permutedOrder(shape: Shape, perm: readonly number[]): Order {
  return { axes: perm.map((axis) => [axis]), factors: shape.map((dim) => [dim]) };
}

export function orderOf({ stored, axes }: View): Order {
  return { axes, factors: axes.map((list) => list.map((axis) => stored.shape[axis]!)) };
}

/** The same order for a value that has length one where the other is longer (broadcasting). */
export function orderFor(shape: Shape, order: Order): Order {
  const factors = order.factors.map((list, i) => {
    if (shape[i] === sizeOf(list)) return list;
    return list.length === 1 ? [shape[i]!] : shape[i] === 1 ? list.map(() => 1) : undefined;
  });
  if (factors.includes(undefined)) return plainOrder(shape);
  return { axes: order.axes, factors: factors as number[][] };
}

export function isPlain({ axes }: Pick<View, "axes">): boolean {
  return axes.every((list, i) => list.length === 1 && list[0] === i);
}

export function sameOrder(a: Order, b: Order): boolean {
  return equal(a.axes, b.axes) && equal(a.factors, b.factors);
}

function equal(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): boolean {
  return a.length === b.length && a.every((list, i) => sameShape(list, b[i]!));
}

/** Shape of a tensor stored in this order. */
export function storedShape({ axes, factors }: Order): number[] {
  return inStorage(axes, factors);
}

/** Numbers given for each piece of each logical axis, in the order in which the pieces are stored. */
function inStorage(places: Order["axes"], numbers: Order["factors"]): number[] {
  const stored: number[] = [];
  for (const [i, place] of places.flat().entries()) stored[place] = numbers.flat()[i]!;
  return stored;
}

/** Brings a value into another order, with at most one transposition. */
export function convert(g: GraphBuilder, view: View, to: Order): Value {
  const from = orderOf(view);
  if (sameOrder(from, to)) return view.stored;
  // Both sides cut into the same pieces: an axis split on one side only is split by a reshape on the other.
  const pieces = from.factors.map((have, i) => {
    const want = to.factors[i]!;
    return sameShape(have, want) || want.length === 1 ? have : have.length === 1 ? want : undefined;
  });
  if (pieces.includes(undefined)) {
    const shape = from.factors.map(sizeOf);
    const plain = plainOrder(shape);
    return convert(g, { stored: convert(g, view, plain), axes: plain.axes }, to);
  }
  const cut = pieces as number[][];
  const source = cutOrder(from, cut);
  const target = cutOrder(to, cut);
  const split = inStorage(source, cut);
  const perm = inStorage(target, source);
  return g.reshape(g.transpose(g.reshape(view.stored, split), perm), storedShape(to));
}

/** Where each piece of each logical axis is stored once the stored axes are cut into pieces. */
function cutOrder(order: Order, cut: readonly (readonly number[])[]): number[][] {
  const atPlace: { axis: number; piece: number }[][] = [];
  order.axes.forEach((list, i) => {
    const pieces = cut[i]!.map((_, piece) => ({ axis: i, piece }));
    if (list.length === pieces.length) {
      for (const [j, place] of list.entries()) atPlace[place] = [pieces[j]!];
    } else {
      atPlace[list[0]!] = pieces;
    }
  });
  const places = cut.map((list) => list.map(() => 0));
  for (const [place, { axis, piece }] of atPlace.flat().entries()) places[axis]![piece] = place;
  return places;
}
