/** Strided copies and the move of axes against their definitions. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diskShape, memoryShape, toDisk, toMemory } from "./layout.ts";
import { contiguousStrides, extent, gather } from "./strided.ts";

const sizes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 });

/** Every index of a shape, row-major. */
function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, size) => all.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

describe("strided views", () => {
  it("are copied element by element, whatever the strides", () => {
    const view = sizes.chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.array(fc.integer({ min: 0, max: 7 }), { minLength: shape.length, maxLength: shape.length }),
      ),
    );
    fc.assert(
      fc.property(view, ([shape, strides]) => {
        const source = Float64Array.from({ length: extent(shape, strides) }, (_, i) => i);
        const expected = indices(shape).map((index) => dot(index, strides));
        expect(Array.from(gather(source, shape, strides))).toEqual(expected);
        if (expected.length > 0) expect(Math.max(...expected)).toBe(source.length - 1);
      }),
    );
  });

  it("of contiguous tensors are the tensors", () => {
    fc.assert(
      fc.property(sizes, (shape) => {
        const count = indices(shape).length;
        expect(extent(shape, contiguousStrides(shape))).toBe(count);
        const source = Int32Array.from({ length: count }, (_, i) => i);
        expect(gather(source, shape, contiguousStrides(shape))).toEqual(source);
      }),
    );
  });
});

describe("layouts", () => {
  it("OIHW on disk is HWIO in memory", () => {
    const [o, i, h, w] = [2, 3, 4, 5];
    const disk = Float32Array.from({ length: o * i * h * w }, (_, at) => at);
    const memory = toMemory(disk, [o, i, h, w]);
    expect(memoryShape([o, i, h, w])).toEqual([h, w, i, o]);
    for (const [a, b, c, d] of indices([o, i, h, w]) as [number, number, number, number][]) {
      expect(memory[((c * w + d) * i + b) * o + a]).toBe(disk[((a * i + b) * h + c) * w + d]);
    }
  });

  it("move there and back, and only where the rank is 4", () => {
    fc.assert(
      fc.property(sizes, (shape) => {
        const disk = Float32Array.from(indices(shape), (_, i) => i);
        expect(diskShape(memoryShape(shape))).toEqual(shape);
        expect(toDisk(toMemory(disk, shape), memoryShape(shape))).toEqual(disk);
        if (shape.length !== 4) expect(toMemory(disk, shape)).toBe(disk);
      }),
    );
  });
});
