/** Frechet distances against 50 digits of mpmath, singular values of NumPy and SciPy's sqrtm: `fixtures/golden/frechet`. */

import { readFileSync } from "node:fs";
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

interface Case {
  name: string;
  first: FeatureRule;
  second: FeatureRule;
  reference: "mpmath" | "svd";
  distance: string;
  sqrtm?: number;
}

const golden = new URL("../../../../fixtures/golden/frechet/frechet.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(golden, "utf8")) as { cases: Case[] };

function statisticsOf(rule: FeatureRule): Statistics {
  const state = emptyStatistics(rule.d);
  updateStatistics(state, goldenFeatures(rule));
  return computeStatistics(state);
}

function asCovariance(statistics: Statistics): Statistics {
  return { ...statistics, spread: { kind: "covariance", covariance: covarianceOf(statistics) } };
}

/** Of zero, an error relative to the traces that cancel is meant. */
function relativeTo(expected: number): number {
  return Math.max(Math.abs(expected), 1e-3);
}

describe.each(cases)("$name", ({ first, second, distance, sqrtm }) => {
  const [a, b] = [statisticsOf(first), statisticsOf(second)];
  const exact = Number(distance);

  it.each([
    ["as they come", a, b],
    ["the other way round", b, a],
    ["as covariances", asCovariance(a), asCovariance(b)],
    ["the first as a covariance", asCovariance(a), b],
  ])("%s: 1e-8 of the exact value, and within the bound that is reported", async (_, x, y) => {
    const found = await frechetDistance(x, y);
    expect(Math.abs(found.distance - exact)).toBeLessThanOrEqual(1e-8 * relativeTo(exact));
    expect(Math.abs(found.distance - exact)).toBeLessThanOrEqual(found.errorBound);
  });

  if (sqrtm !== undefined) {
    it("SciPy's sqrtm: 1e-6", async () => {
      const found = await frechetDistance(asCovariance(a), asCovariance(b));
      expect(Math.abs(found.distance - sqrtm)).toBeLessThanOrEqual(1e-6 * relativeTo(sqrtm));
    });
  }
});
