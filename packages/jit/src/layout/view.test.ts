/** Views against the definition: reading a stored tensor through its axes must give the logical elements. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { expandConstant, sizeOf } from "../graph/types.ts";
import { reshapeView } from "./reshape-view.ts";
import { convert, type Order, orderOf, plainOrder, storedShape, type View } from "./view.ts";

/** The logical elements in order, read one by one: a logical index is split over the axis's stored axes, outermost first. */
function read({ stored, axes }: View): number[] {
  const data = expandConstant(stored);
  const factors = orderOf({ stored, axes }).factors;
  const shape = factors.map(sizeOf);
  return Array.from({ length: sizeOf(shape) }, (_, flat) => {
    const place = Array<number>(stored.shape.length).fill(0);
    let rest = flat;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      let index = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
      for (let j = axes[axis]!.length - 1; j >= 0; j--) {
        place[axes[axis]![j]!] = index % factors[axis]![j]!;
        index = Math.floor(index / factors[axis]![j]!);
      }
    }
    return Number(data[place.reduce((at, i, axis) => at * stored.shape[axis]! + i, 0)]);
  });
}

const counting = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** A permutation of 0 .. n - 1. */
const permutation = (n: number) => fc.shuffledSubarray(counting(n), { minLength: n, maxLength: n });

/** Any order of this shape: some axes split in two (an even length into blocks of 2), and all pieces in some order. */
function orders(shape: number[]): fc.Arbitrary<Order> {
  return fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }).chain((splits) => {
    const factors = shape.map((dim, i) => (splits[i] && dim % 2 === 0 ? [dim / 2, 2] : [dim]));
    return permutation(factors.flat().length).map((places) => {
      let next = 0;
      return { factors, axes: factors.map((list) => list.map(() => places[next++]!)) };
    });
  });
}

const shapes = fc.array(fc.constantFrom(1, 2, 3, 4), { minLength: 1, maxLength: 4 });

/** A view of 0, 1, 2, ... stored in any order. */
function viewed(g: GraphBuilder, shape: number[], order: Order): View {
  const plain = g.constant(Float32Array.from(counting(sizeOf(shape))), "float32", shape);
  return { stored: convert(g, { stored: plain, axes: plainOrder(shape).axes }, order), axes: order.axes };
}

describe("convert", () => {
  const examples = shapes.chain((shape) => fc.tuple(fc.constant(shape), orders(shape), orders(shape)));
  it("from any order to any other keeps every element in its logical place", () =>
    fc.assert(
      fc.property(examples, ([shape, from, to]) => {
        const g = new GraphBuilder();
        const first = viewed(g, [...shape], from);
        expect(first.stored.shape).toEqual(storedShape(from));
        expect(read(first)).toEqual(counting(sizeOf(shape)));
        const second = { stored: convert(g, first, to), axes: to.axes };
        expect(second.stored.shape).toEqual(storedShape(to));
        expect(read(second)).toEqual(counting(sizeOf(shape)));
      }),
    ));
  it("takes one transposition between two permutations", () => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", [2, 3, 4, 5]);
    const nchw = { axes: [[0], [2], [3], [1]], factors: [[2], [3], [4], [5]] };
    const stored = convert(g, { stored: x, axes: plainOrder(x.shape).axes }, nchw);
    expect(stored.producer).toMatchObject({ type: "Transpose", attributes: { perm: [0, 3, 1, 2] } });
    expect(convert(g, { stored, axes: nchw.axes }, plainOrder(x.shape))).toBe(x);
  });
});

describe("reshapeView", () => {
  /** The prime factors of a shape put together in another way. */
  const regrouped = (shape: number[]) => {
    const primes = shape.flatMap((dim) => (dim === 4 ? [2, 2] : [dim]));
    return fc.array(fc.boolean(), { minLength: primes.length, maxLength: primes.length }).map((joins) => {
      const to: number[] = [];
      for (const [i, prime] of primes.entries()) {
        if (i > 0 && joins[i]) to.push(to.pop()! * prime);
        else to.push(prime);
      }
      return to;
    });
  };
  const examples = shapes.chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      orders(shape),
      fc.oneof(regrouped([...shape]), fc.constant([sizeOf(shape)])),
    ),
  );

  it("gives the elements that reshaping in logical order gives, or declines", () =>
    fc.assert(
      fc.property(examples, ([shape, order, to]) => {
        const g = new GraphBuilder();
        const view = reshapeView(g, viewed(g, [...shape], order), to);
        if (view === undefined) return;
        expect(orderOf(view).factors.map(sizeOf)).toEqual(to);
        expect(read(view)).toEqual(counting(sizeOf(shape)));
      }),
      { numRuns: 300 },
    ));

  const nchw = (shape: number[]): Order => ({
    axes: [[0], [2], [3], [1]],
    factors: shape.map((dim) => [dim]),
  });
  it.each([
    ["channels split into groups", [2, 3, 4, 6], [2, 3, 4, 3, 2]],
    ["groups joined again", [2, 3, 4, 6], [2, 12, 6]],
    ["pixels in one axis", [2, 3, 4, 6], [2, 12, 6]],
    ["an axis of length one added", [2, 3, 4, 6], [2, 1, 3, 4, 6]],
  ])("finds a view for %s", (_, shape, to) => {
    const g = new GraphBuilder();
    expect(reshapeView(g, viewed(g, shape, nchw(shape)), to)).toBeDefined();
  });
});
