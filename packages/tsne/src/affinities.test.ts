import { describe, expect, it } from "vitest";
import { golden, pointsOf, prepared, randomPoints } from "../test/golden.ts";
import type { Points } from "./points.ts";
import type { Workspace } from "./workspace.ts";

const affinities = (points: Points, perplexity: number) =>
  prepared(points, perplexity, new Float32Array(2 * points.count));

/** The off-diagonal numbers of row i. */
const others = ({ pairs, count, stride }: Workspace, i: number) =>
  [...pairs.subarray(i * stride, i * stride + count)].filter((_, j) => j !== i);

describe("scikit-learn's joint probabilities", () => {
  it.each(golden.affinities)("$count points, perplexity $perplexity", (c) => {
    const { pairs, stride } = affinities(pointsOf(c), c.perplexity);
    let at = 0;
    for (let i = 0; i < c.count; i++) {
      for (let j = 0; j < i; j++) {
        // scikit-learn stops where the entropy is right to 1e-5.
        const tolerance = 1e-4 * c.affinities[at]! + 1e-9;
        expect(Math.abs(pairs[i * stride + j]! - c.affinities[at]!)).toBeLessThan(tolerance);
        expect(pairs[j * stride + i]).toBe(pairs[i * stride + j]);
        at++;
      }
    }
  });
});

it("they add up to 1, and a point has none with itself or with what fills up its row", () => {
  const { pairs, count, stride } = affinities(randomPoints(50, 7), 10);
  expect(pairs.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
  for (let i = 0; i < count; i++) {
    expect(pairs[i * stride + i]).toBe(0);
    expect([...pairs.subarray(i * stride + count, (i + 1) * stride)].every((p) => p === 0)).toBe(true);
  }
});

it.each([1e-30, 1e30])("points times %f have the same", (factor) => {
  const points = randomPoints(30, 3);
  const scaled = { ...points, data: points.data.map((x) => x * factor) };
  const [a, b] = [affinities(points, 5).pairs, affinities(scaled, 5).pairs];
  for (const [i, p] of a.entries()) expect(Math.abs(b[i]! - p)).toBeLessThan(1e-5 * p + 1e-9);
});

it("points at equal distances have equal ones, whatever the perplexity", () => {
  const data = Float32Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 1 : 0)); // the unit vectors
  for (const perplexity of [1, 2, 5.5]) {
    const w = affinities({ data, count: 6, dims: 6 }, perplexity);
    for (let i = 0; i < 6; i++) for (const p of others(w, i)) expect(p).toBeCloseTo(1 / 30, 7);
  }
});

it("more copies of a point than the perplexity share all of it", () => {
  const points = randomPoints(12, 4);
  for (let i = 1; i < 8; i++) points.data.copyWithin(4 * i, 0, 4);
  const w = affinities(points, 3);
  expect(w.pairs.every(Number.isFinite)).toBe(true);
  for (const p of others(w, 0).slice(0, 7)) expect(p).toBeCloseTo(1 / 7 / 12, 6);
});
