/** What holds for every pair of sets, and what is refused. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FeatureRule, goldenFeatures } from "../../../../fixtures/golden/frechet/features.ts";
import {
  computeStatistics,
  covarianceOf,
  emptyStatistics,
  type Statistics,
  updateStatistics,
} from "../statistics/index.ts";
import { frechetDistance } from "./frechet-distance.ts";

function statisticsOf(features: Float32Array | Float64Array, dims: number): Statistics {
  const state = emptyStatistics(dims);
  updateStatistics(state, features);
  return computeStatistics(state);
}

function asCovariance(statistics: Statistics): Statistics {
  return { ...statistics, spread: { kind: "covariance", covariance: covarianceOf(statistics) } };
}

const sets = fc
  .record({ d: fc.integer({ min: 1, max: 40 }), halvings: fc.integer({ min: 0, max: 14 }) })
  .chain(({ d, halvings }) => {
    const one = fc.record({ seed: fc.integer({ min: 0, max: 1e6 }), n: fc.integer({ min: 2, max: 70 }) });
    const rule = one.map((of): FeatureRule => ({ ...of, d, halvings }));
    return fc.tuple(rule, rule);
  })
  .map(
    (rules) => rules.map((rule) => statisticsOf(goldenFeatures(rule), rule.d)) as [Statistics, Statistics],
  );

describe("any two sets", () => {
  it("features and covariances give one distance, within both bounds; so does the other order", async () => {
    await fc.assert(
      fc.asyncProperty(sets, async ([a, b]) => {
        const found = await frechetDistance(a, b);
        for (const [x, y] of [
          [b, a],
          [asCovariance(a), asCovariance(b)],
          [asCovariance(b), a],
        ] as const) {
          const other = await frechetDistance(x, y);
          const difference = Math.abs(other.distance - found.distance);
          expect(difference).toBeLessThanOrEqual(found.errorBound + other.errorBound);
          expect(difference).toBeLessThanOrEqual(1e-6);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("a set and itself: 0 to 1e-6; never below 0", async () => {
    await fc.assert(
      fc.asyncProperty(sets, async ([a]) => {
        for (const x of [a, asCovariance(a)]) {
          const { distance } = await frechetDistance(x, x);
          expect(distance).toBeGreaterThanOrEqual(0);
          expect(distance).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("diagonal covariances: the sum of (s1 - s2)^2", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 40 }),
        async (deviations) => {
          const [a, b] = [0, 1].map((side): Statistics => {
            const dims = deviations.length;
            const covariance = new Float64Array(dims * dims);
            deviations.forEach((of, i) => {
              covariance[i * (dims + 1)] = (of[side]! / 100) ** 2;
            });
            return { dims, mean: new Float64Array(dims), spread: { kind: "covariance", covariance } };
          }) as [Statistics, Statistics];
          const expected = deviations.reduce((sum, [x, y]) => sum + ((x - y) / 100) ** 2, 0);
          const found = await frechetDistance(a, b);
          expect(Math.abs(found.distance - expected)).toBeLessThan(1e-10 * (1 + expected));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("degenerate sets", () => {
  const d = 12;
  const set = (rule: Partial<FeatureRule> = {}) =>
    statisticsOf(goldenFeatures({ seed: 1, n: 9, d, ...rule }), d);
  const constant = (n: number, value: number) => statisticsOf(new Float32Array(n * d).fill(value), d);

  it("two constant sets: the squared distance of their values", async () => {
    for (const n of [2, 40]) {
      const found = await frechetDistance(constant(n, 1), constant(40, 3));
      expect(found).toMatchObject({ distance: 4 * d, meanTerm: 4 * d, covarianceTerm: 0 });
    }
  });

  it("a constant set: means, and all the variance of the other", async () => {
    const found = await frechetDistance(constant(5, 0), set());
    const other = set();
    const mean = other.mean.reduce((sum, x) => sum + x * x, 0);
    const covariance = covarianceOf(other);
    const trace = Array.from({ length: d }, (_, i) => covariance[i * (d + 1)]!).reduce((a, b) => a + b);
    expect(found.distance).toBeCloseTo(mean + trace, 13);
  });

  it("two images on a line each: (s1 - s2)^2 along it", async () => {
    const line = (length: number) => statisticsOf(Float64Array.of(-length, 0, length, 0), 2);
    // Deviations of two points at -x and x, by n - 1: x sqrt(2).
    expect((await frechetDistance(line(1), line(4))).distance).toBeCloseTo(2 * 9, 12);
  });

  it("the route is reported", async () => {
    expect((await frechetDistance(set(), set({ n: 50 }))).route).toEqual(["features", "covariance"]);
  });

  it("numbers of any size", async () => {
    const at = (scale: number) =>
      frechetDistance(
        statisticsOf(
          Float64Array.from(goldenFeatures({ seed: 1, n: 9, d }), (x) => x * scale),
          d,
        ),
        statisticsOf(
          Float64Array.from(goldenFeatures({ seed: 2, n: 30, d }), (x) => x * scale),
          d,
        ),
      );
    const { distance } = await at(1);
    for (const exponent of [-400, -100, 100, 400]) {
      const scale = 2 ** exponent;
      expect((await at(scale)).distance / scale / scale).toBeCloseTo(distance, 10);
    }
  });

  it("a covariance that went through float32", async () => {
    const big = set({ n: 40 });
    const other = set({ seed: 2, n: 60 });
    const rounded: Statistics = {
      ...big,
      spread: { kind: "covariance", covariance: covarianceOf(big).map(Math.fround) },
    };
    const [exact, found] = [await frechetDistance(big, other), await frechetDistance(rounded, other)];
    expect(found.distance).toBeCloseTo(exact.distance, 6);
  });
});

describe("refused", () => {
  const plain = (dims: number, covariance: number[]): Statistics => ({
    dims,
    mean: new Float64Array(dims),
    spread: { kind: "covariance", covariance: Float64Array.from(covariance) },
  });

  it("different numbers of features", async () => {
    await expect(frechetDistance(plain(1, [1]), plain(2, [1, 0, 0, 1]))).rejects.toMatchObject({
      code: "FID_DIMENSION_MISMATCH",
      exitCode: 2,
    });
  });

  it.each([
    ["first", plain(2, [1, 2, 2, 1]), plain(2, [1, 0, 0, 1])],
    ["second", plain(2, [1, 0, 0, 1]), plain(2, [1, 0, 0, -1])],
  ])("a matrix with a negative eigenvalue, the %s", async (which, a, b) => {
    const found = await frechetDistance(a, b).catch((error: Error) => error);
    expect(found).toMatchObject({ code: "FID_NOT_A_COVARIANCE", exitCode: 2 });
    expect((found as Error).message).toContain(which);
  });

  it.each([
    ["NaN in a covariance", plain(2, [1, Number.NaN, Number.NaN, 1])],
    ["an infinite variance", plain(2, [Number.POSITIVE_INFINITY, 0, 0, 1])],
    ["means too far apart to square", { ...plain(2, [1, 0, 0, 1]), mean: Float64Array.of(1e200, 0) }],
  ])("%s", async (_, a) => {
    await expect(frechetDistance(a, plain(2, [1, 0, 0, 1]))).rejects.toMatchObject({
      code: "FID_NON_FINITE_STATISTICS",
      exitCode: 2,
    });
  });
});
