/** Draws against the distributions they should have. Seeds are fixed, bounds are at least 4 standard errors: nothing is left to luck. */

import { describe, expect, it } from "vitest";
import { generatorFromSeed } from "./generator.ts";

const N = 200_000;
const sum = (values: ArrayLike<number>, f: (x: number, i: number) => number) =>
  Array.from(values, f).reduce((a, b) => a + b, 0);
const mean = (values: ArrayLike<number>, f: (x: number, i: number) => number = (x) => x) =>
  sum(values, f) / values.length;

/** Kolmogorov and Smirnov's sqrt(n) sup |F_n - F|; 1.95 is exceeded with probability 0.001. */
function kolmogorovSmirnov(values: Float32Array, cdf: (x: number) => number): number {
  const sorted = values.toSorted();
  const n = sorted.length;
  const gaps = Array.from(sorted, (x, i) => Math.max((i + 1) / n - cdf(x), cdf(x) - i / n));
  return Math.sqrt(n) * gaps.reduce((a, b) => Math.max(a, b));
}

/** Pearson's chi-square of equally likely cells, in standard deviations from its mean. */
function chiSquareDeviations(counts: number[]): number {
  const expected = sum(counts, (c) => c) / counts.length;
  const chiSquare = sum(counts, (c) => (c - expected) ** 2 / expected);
  const freedom = counts.length - 1;
  return (chiSquare - freedom) / Math.sqrt(2 * freedom);
}

function tally(cells: number, values: Iterable<number>): number[] {
  const counts = new Array<number>(cells).fill(0);
  for (const value of values) counts[value]!++;
  return counts;
}

/** Abramowitz and Stegun 26.2.17: absolute error below 7.5e-8. */
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return x > 0 ? 1 - tail : tail;
}

describe.each([1, "another"])("seed %s", (seed) => {
  it("uniform: moments, Kolmogorov-Smirnov, range, serial correlation", () => {
    const u = generatorFromSeed(seed).uniform(N);
    expect(kolmogorovSmirnov(u, (x) => x)).toBeLessThan(1.95);
    expect(Math.abs(mean(u) - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / N));
    expect(Math.abs(mean(u, (x) => x * x) - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / N));
    expect(u.every((x) => x >= 0 && x < 1)).toBe(true);
    for (const lag of [1, 2, 3, 4, 256]) {
      const products = mean(u.subarray(lag), (x, i) => 12 * (x - 1 / 2) * (u[i]! - 1 / 2));
      expect(Math.abs(products), `lag ${lag}`).toBeLessThan(4 / Math.sqrt(N));
    }
  });

  it("normal: moments 1 to 4, Kolmogorov-Smirnov, tails, serial correlation", () => {
    const z = generatorFromSeed(seed).normal(N);
    expect(kolmogorovSmirnov(z, normalCdf)).toBeLessThan(1.95);
    // Moments 0, 1, 0, 3 of the standard normal; their variances are those of z, z^2, z^3, z^4: 1, 2, 15, 96.
    [0, 1, 0, 3].forEach((moment, i) => {
      const bound = 4 * Math.sqrt([1, 2, 15, 96][i]! / N);
      expect(Math.abs(mean(z, (x) => x ** (i + 1)) - moment), `moment ${i + 1}`).toBeLessThan(bound);
    });
    for (const limit of [1, 2, 3, 4]) {
      const expected = 2 * normalCdf(-limit);
      const outside = mean(z, (x) => (Math.abs(x) > limit ? 1 : 0));
      expect(Math.abs(outside - expected), `beyond ${limit}`).toBeLessThan(4 * Math.sqrt(expected / N));
    }
    const products = mean(z.subarray(1), (x, i) => x * z[i]!);
    expect(Math.abs(products)).toBeLessThan(4 / Math.sqrt(N));
  });

  it("integers: equally often, also where the bound leaves a large remainder of 2^32", () => {
    for (const below of [2, 10, 1000]) {
      const counts = tally(below, generatorFromSeed(seed).integers(N, below));
      expect(Math.abs(chiSquareDeviations(counts)), `below ${below}`).toBeLessThan(4);
    }
    // Two words of three in 2^32 = (2 + 2/3) * bound: a generator that forgot to reject would favour some by a half.
    const thirds = Array.from(generatorFromSeed(seed).integers(N, 3 * 2 ** 29), (k) => k % 3);
    expect(Math.abs(chiSquareDeviations(tally(3, thirds)))).toBeLessThan(4);
  });

  it("permutation: all 120 orders of 5 equally often, every value once", () => {
    const generator = generatorFromSeed(seed);
    const rank = (order: Int32Array) =>
      order.reduce(
        (r, value, i) => r * (5 - i) + order.slice(i + 1).filter((later) => later < value).length,
        0,
      );
    const ranks = Array.from({ length: 60_000 }, () => rank(generator.permutation(5)));
    expect(Math.abs(chiSquareDeviations(tally(120, ranks)))).toBeLessThan(4);
    expect(generator.permutation(1000).toSorted()).toEqual(Int32Array.from({ length: 1000 }, (_, i) => i));
  });

  it("splits: parent, children, grandchild and neighbouring seeds are uncorrelated", () => {
    const root = generatorFromSeed(seed);
    const family = [
      root,
      root.split(0),
      root.split(1),
      root.split("1").split("1"),
      generatorFromSeed(2),
      generatorFromSeed(3),
    ];
    const draws = family.map((generator) => generator.normal(50_000));
    draws.forEach((a, i) => {
      for (const b of draws.slice(i + 1)) {
        expect(Math.abs(mean(a, (x, k) => x * b[k]!))).toBeLessThan(4 / Math.sqrt(50_000));
      }
    });
  });
});
