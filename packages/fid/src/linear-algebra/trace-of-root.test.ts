/** Sums of singular values that are known beforehand, for shapes around every block size of the kernels. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Side } from "./side.ts";
import { traceOfRoot } from "./trace-of-root.ts";

/** Numbers in (-1, 1) without a pattern. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * 0.999;
  };
}

/** `[rows, columns]`, multiplied from both sides by a few random reflections: the singular values stay, the zeros go. */
function disguised(matrix: Float64Array, rows: number, columns: number, seed: number): Float64Array {
  const random = noise(seed);
  const m = matrix.slice();
  for (let k = 0; k < 3; k++) {
    reflect(m, unit(columns, random), rows, (row, i) => row * columns + i);
    reflect(m, unit(rows, random), columns, (column, i) => i * columns + column);
  }
  return m;
}

/** Every line x of `m`, a row or a column, becomes x - 2 (x . v) v. */
function reflect(
  m: Float64Array,
  v: Float64Array,
  lines: number,
  at: (line: number, i: number) => number,
): void {
  for (let line = 0; line < lines; line++) {
    const product = v.reduce((sum, x, i) => sum + x * m[at(line, i)]!, 0);
    v.forEach((x, i) => {
      m[at(line, i)]! -= 2 * product * x;
    });
  }
}

function unit(n: number, random: () => number): Float64Array {
  const v = Float64Array.from({ length: n }, random);
  const norm = Math.hypot(...v);
  return v.map((x) => x / norm);
}

function diagonal(rows: number, columns: number, value: (i: number) => number): Float64Array {
  const m = new Float64Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) m[i * columns + i] = value(i);
  return m;
}

const identity = (d: number): Side => ({ kind: "matrix", values: diagonal(d, d, () => 1) });
const factor = (rows: number, values: Float64Array): Side => ({ kind: "factor", rows, values });

const SIZES = [1, 2, 3, 4, 5, 23, 24, 25, 31, 32, 33, 48, 49, 65, 127, 129, 257];

describe("F against the identity: the sum of F's own singular values", () => {
  it.each(SIZES.flatMap((rows) => [1, 3, 32, 65, 130, 260].map((d) => [rows, d] as const)))(
    "%i x %i",
    async (rows, d) => {
      const values = (i: number) => 1 / (1 + i);
      const f = disguised(diagonal(rows, d, values), rows, d, 1000 * rows + d);
      const sum = Array.from({ length: Math.min(rows, d) }, (_, i) => values(i)).reduce((a, b) => a + b);
      const found = await traceOfRoot(d, factor(rows, f), identity(d));
      expect(Math.abs(found.value - sum)).toBeLessThan(1e-13 * sum);
      expect(found.ranks).toEqual([rows, d]);
    },
  );
});

/** F^T F for F `[d, d]` */
function squared(f: Float64Array, d: number): Float64Array {
  const s = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) s[i * d + j]! += f[k * d + i]! * f[k * d + j]!;
    }
  }
  return s;
}

describe("S against its own factor: the trace of S", () => {
  it.each(SIZES)("%i features", async (d) => {
    const random = noise(d);
    const f = Float64Array.from({ length: d * d }, (_, i) => random() * 2 ** -((i % d) % 40));
    const s = squared(f, d);
    const trace = f.reduce((sum, x) => sum + x * x, 0);
    const found = await traceOfRoot(d, { kind: "matrix", values: s }, factor(d, f));
    expect(Math.abs(found.value - trace)).toBeLessThan(1e-13 * trace);
  });
});

describe("ranks", () => {
  it.each([0, 1, 2, 31, 32, 33, 64])("a matrix of rank %i is factored into as many rows", async (rank) => {
    const d = 65;
    const f = disguised(
      diagonal(d, d, (i) => (i < rank ? 1 : 0)),
      d,
      d,
      rank,
    );
    const found = await traceOfRoot(d, { kind: "matrix", values: squared(f, d) }, identity(d));
    expect(found.ranks).toEqual([rank, d]);
    expect(found.value).toBeCloseTo(rank, 11);
    expect(found.leftOut[0]).toBeLessThan(1e-12);
  });

  it("what a matrix lacks of being positive is reported", async () => {
    const found = await traceOfRoot(2, { kind: "matrix", values: Float64Array.of(1, 2, 2, 1) }, identity(2));
    expect(found.leftOut[0]).toBeGreaterThan(1);
  });
});

describe("numbers of any size", () => {
  it.each([-320, -300, -160, -20, 20, 150])("scaled by 1e%i", async (exponent) => {
    const random = noise(5);
    const f = Float64Array.from({ length: 6 * 4 }, random);
    const plain = await traceOfRoot(4, factor(6, f), identity(4));
    const scaled = await traceOfRoot(
      4,
      factor(
        6,
        f.map((x) => x * 10 ** exponent),
      ),
      identity(4),
    );
    const digits = exponent < -308 ? 1e-3 : 1e-13;
    expect(Math.abs(scaled.value / (plain.value * 10 ** exponent) - 1)).toBeLessThan(digits);
  });

  it("all zeros", async () => {
    expect((await traceOfRoot(3, factor(2, new Float64Array(6)), identity(3))).value).toBe(0);
    const zero: Side = { kind: "matrix", values: new Float64Array(9) };
    expect((await traceOfRoot(3, zero, zero)).value).toBe(0);
  });
});

it("sparse matrices, whose bidiagonal form has zeros anywhere: the same sum for F and F^T", async () => {
  const entry = fc.constantFrom(0, 0, 0, 1, -1, 2);
  const shape = fc.record({ rows: fc.integer({ min: 1, max: 7 }), columns: fc.integer({ min: 1, max: 7 }) });
  const matrices = shape.chain(({ rows, columns }) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      values: fc.array(entry, { minLength: rows * columns, maxLength: rows * columns }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(matrices, async ({ rows, columns, values }) => {
      const f = Float64Array.from(values);
      const transposed = f.map((_, at) => f[(at % rows) * columns + Math.floor(at / rows)]!);
      const one = await traceOfRoot(columns, factor(rows, f), identity(columns));
      const other = await traceOfRoot(rows, factor(columns, transposed), identity(rows));
      expect(one.value).toBeCloseTo(other.value, 12);
      // |F|_F <= sum of singular values <= sqrt(rank) |F|_F
      const frobenius = Math.hypot(...f);
      expect(one.value).toBeGreaterThanOrEqual(frobenius * (1 - 1e-14));
      expect(one.value).toBeLessThanOrEqual(Math.sqrt(Math.min(rows, columns)) * frobenius * (1 + 1e-14));
    }),
    { numRuns: 300 },
  );
});

describe("threads", () => {
  // Large enough that worker threads are used at all.
  const d = 260;
  const random = noise(11);
  const a = factor(300, Float64Array.from({ length: 300 * d }, random));
  const b = factor(290, Float64Array.from({ length: 290 * d }, random));

  it("the same bits on 1, 2, 3 and 5", async () => {
    const [one, ...others] = await Promise.all([1, 2, 3, 5].map((threads) => traceOfRoot(d, a, b, threads)));
    for (const other of others) expect(other).toEqual(one);
  });

  it.each([0, -1, 1.5, Number.NaN, 65, "2" as unknown as number])("refuses %s", async (threads) => {
    await expect(traceOfRoot(d, a, b, threads)).rejects.toMatchObject({
      code: "FID_THREAD_COUNT",
      exitCode: 2,
    });
  });

  it("matrices beyond 4 GiB are refused before anything is allocated", async () => {
    const nothing: Side = { kind: "matrix", values: new Float64Array(0) };
    await expect(traceOfRoot(16_384, nothing, nothing)).rejects.toMatchObject({
      code: "FID_MATRIX_TOO_LARGE",
      exitCode: 2,
    });
  });
});
