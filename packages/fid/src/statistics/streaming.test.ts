/** Streaming statistics against two-pass formulas and numpy.cov; batches, shards and bad input. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type FeatureRule, goldenFeatures } from "../../../../fixtures/golden/frechet/features.ts";
import { covarianceOf, totalVariance } from "./covariance.ts";
import type { Statistics } from "./statistics.ts";
import {
  computeStatistics,
  emptyStatistics,
  imagesIn,
  mergeStatistics,
  type StatisticsState,
  updateStatistics,
} from "./streaming.ts";

function stateOf(features: Float32Array | Float64Array, dims: number, batch = 1e9): StatisticsState {
  const state = emptyStatistics(dims);
  for (let at = 0; at < features.length; at += batch * dims) {
    updateStatistics(state, features.subarray(at, at + batch * dims));
  }
  return state;
}

/** Mean and covariance as their definitions have them. */
function byDefinition(x: Float32Array, dims: number): { mean: number[]; covariance: number[] } {
  const n = x.length / dims;
  const column = (j: number) => Array.from({ length: n }, (_, i) => x[i * dims + j]!);
  const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / n;
  const columns = Array.from({ length: dims }, (_, j) => column(j));
  const mean = columns.map(average);
  const centred = columns.map((values, j) => values.map((value) => value - mean[j]!));
  const covariance = centred.flatMap((a) =>
    centred.map((b) => a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (n - 1)),
  );
  return { mean, covariance };
}

function expectSame(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  const largest = Array.from(expected).reduce((most, x) => Math.max(most, Math.abs(x)), 1e-300);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(found[i]! - expected[i]!)).toBeLessThanOrEqual(tolerance * largest);
  }
}

const golden = new URL("../../../../fixtures/golden/frechet/frechet.json", import.meta.url);

it("numpy.mean and numpy.cov", () => {
  const { moments } = JSON.parse(readFileSync(golden, "utf8")) as {
    moments: { features: FeatureRule; mean: number[]; cov: number[][] };
  };
  const statistics = computeStatistics(stateOf(goldenFeatures(moments.features), moments.features.d));
  expectSame(statistics.mean, moments.mean, 1e-15);
  expectSame(covarianceOf(statistics), moments.cov.flat(), 1e-15);
});

describe("by definition", () => {
  it.each([
    [2, 1],
    [3, 4],
    [40, 40],
    [41, 40],
    [511, 3],
    [512, 3],
    [513, 3],
    [1700, 5],
    [600, 33],
  ])("%i images, %i features", (n, d) => {
    const x = goldenFeatures({ seed: n, n, d, halvings: 3, shift: 0.25 });
    const statistics = computeStatistics(stateOf(x, d, 7));
    const { mean, covariance } = byDefinition(x, d);
    expect(statistics).toMatchObject({ dims: d, n });
    expect(statistics.spread.kind).toBe(n <= d ? "features" : "covariance");
    expectSame(statistics.mean, mean, 1e-14);
    expectSame(covarianceOf(statistics), covariance, 1e-13);
    const trace = Array.from({ length: d }, (_, i) => covariance[i * (d + 1)]!).reduce((a, b) => a + b);
    expect(totalVariance(statistics)).toBeCloseTo(trace, 12);
  });

  it("a mean that dwarfs the spread a million times costs a few digits, not twelve", () => {
    const [n, d] = [1500, 4];
    const x = goldenFeatures({ seed: 1, n, d });
    const moved = Float64Array.from(x, (value) => value + 2 ** 20);
    const [a, b] = [x, moved].map((features) => covarianceOf(computeStatistics(stateOf(features, d))));
    expectSame(b!, a!, 1e-11);
  });
});

describe("batches and shards", () => {
  const [n, d] = [1300, 6];
  const x = goldenFeatures({ seed: 2, n, d, shift: 0.5 });
  const serial = computeStatistics(stateOf(x, d));

  it.each([1, 13, 512, 1299])("batches of %i: the same bits", (batch) => {
    expect(computeStatistics(stateOf(x, d, batch))).toEqual(serial);
  });

  it.each([[0], [1], [5], [200], [512], [700], [1299], [1300], [3, 600], [100, 300, 650]])(
    "shards that end at %j: serial to 1e-12",
    (...ends: number[]) => {
      const parts = [0, ...ends].map((begin, i) => x.subarray(begin * d, (ends[i] ?? n) * d));
      const states = parts.map((part) => stateOf(part, d));
      const before = structuredClone(states);
      const merged = states.reduce(mergeStatistics);
      expect(states).toEqual(before);
      expect(imagesIn(merged)).toBe(n);
      const found = computeStatistics(merged);
      expectSame(found.mean, serial.mean, 1e-13);
      expectSame(covarianceOf(found), covarianceOf(serial), 1e-12);
    },
  );

  it("small shards keep their features", () => {
    const y = goldenFeatures({ seed: 3, n: 9, d: 12 });
    const merged = mergeStatistics(stateOf(y.subarray(0, 48), 12), stateOf(y.subarray(48), 12));
    expect(computeStatistics(merged)).toEqual(computeStatistics(stateOf(y, 12)));
  });

  it("computing is no end: the state goes on as if nothing had happened", () => {
    const state = stateOf(x.subarray(0, 700 * d), d);
    computeStatistics(state);
    updateStatistics(state, x.subarray(700 * d));
    expect(computeStatistics(state)).toEqual(serial);
  });

  it("a state stays as small as two matrices", () => {
    const state = emptyStatistics(64);
    const batch = goldenFeatures({ seed: 4, n: 500, d: 64 });
    for (let i = 0; i < 20; i++) updateStatistics(state, batch);
    expect(state.rows.length + state.scatter.products.length).toBeLessThanOrEqual((512 + 64) * 64);
  });
});

describe("bad input", () => {
  const code = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  };

  it.each([0, -1, 1.5, Number.NaN, 1e9])("%s features", (dims) => {
    expect(code(() => emptyStatistics(dims))).toMatchObject({ code: "FID_FEATURE_SHAPE", exitCode: 2 });
  });

  it("half a vector", () => {
    const found = code(() => updateStatistics(emptyStatistics(4), new Float32Array(6)));
    expect(found).toMatchObject({ code: "FID_FEATURE_SHAPE" });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "%s: names image and feature, and the state stays as it was",
    (value) => {
      const state = stateOf(new Float32Array(8), 4);
      const before = structuredClone(state);
      const batch = new Float32Array(8);
      batch[6] = value;
      const found = code(() => updateStatistics(state, batch));
      expect(found).toMatchObject({ code: "FID_NON_FINITE_FEATURE", exitCode: 2 });
      expect((found as Error).message).toContain("Image 3 (counted from 0), feature 2");
      expect(state).toEqual(before);
    },
  );

  it("squares that overflow", () => {
    const state = stateOf(Float64Array.of(1e200, -1e200), 1);
    expect(code(() => computeStatistics(state))).toMatchObject({ code: "FID_FEATURE_RANGE" });
  });

  it.each([0, 1])("%i images have no covariance", (n) => {
    const state = stateOf(new Float32Array(3 * n), 3);
    expect(code(() => computeStatistics(state))).toMatchObject({ code: "FID_TOO_FEW_IMAGES", exitCode: 2 });
  });

  it("shards of different widths", () => {
    const found = code(() => mergeStatistics(emptyStatistics(3), emptyStatistics(4)));
    expect(found).toMatchObject({ code: "FID_FEATURE_SHAPE" });
  });
});

it("statistics are plain data", () => {
  const statistics: Statistics = computeStatistics(stateOf(new Float32Array(4), 2));
  expect(structuredClone(statistics)).toEqual(statistics);
});
