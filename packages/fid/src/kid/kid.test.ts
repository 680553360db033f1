import type { Progress } from "@touchstone/cli";
import { generatorFromSeed } from "@touchstone/nn";
import { describe, expect, it } from "vitest";
import { finished, golden, samples, table } from "../../test/golden-metrics.ts";
import type { Samples } from "../samples/index.ts";
import { createProducts } from "../samples/products.ts";
import { mean, standardDeviation } from "../samples/summary.ts";
import { kid } from "./index.ts";
import { kernelSums } from "./kernel-sums.ts";
import { squaredDiscrepancies } from "./kid.ts";

const generator = () => generatorFromSeed("kid");

/** Of kernels of 1 to 4, a few roundings of float32 averaged over all pairs. */
const TOLERANCE = 1e-9;

/** The estimate from its definition, in float64. */
function byDefinition(x: Samples, y: Samples): number {
  const kernel = (a: Samples, i: number, b: Samples, j: number) => {
    let product = 0;
    for (let c = 0; c < a.dims; c++) product += a.data[i * a.dims + c]! * b.data[j * b.dims + c]!;
    return (product / a.dims + 1) ** 3;
  };
  const average = (a: Samples, b: Samples) => {
    let sum = 0;
    let pairs = 0;
    for (let i = 0; i < a.count; i++) {
      for (let j = 0; j < b.count; j++) {
        if (a === b && i === j) continue;
        sum += kernel(a, i, b, j);
        pairs++;
      }
    }
    return sum / pairs;
  };
  return average(x, x) + average(y, y) - 2 * average(x, y);
}

describe("torch-fidelity's and clean-fid's values in float64", () => {
  it.each(golden.kid)(
    "case %#: every subset of torch-fidelity's",
    async ({ reference, generated, pairs, ...expected }) => {
      const subsets = pairs.map((pair) => ({
        reference: Int32Array.from(pair.reference),
        generated: Int32Array.from(pair.generated),
      }));
      const found = await finished(squaredDiscrepancies(samples(reference), samples(generated), subsets));
      found.forEach((value, i) => {
        expect(Math.abs(value - expected.values[i]!)).toBeLessThan(TOLERANCE);
      });
      expect(Math.abs(mean(found) - expected.mean)).toBeLessThan(TOLERANCE);
      expect(Math.abs(standardDeviation(found) - expected.std)).toBeLessThan(TOLERANCE);
    },
  );

  it.each(golden.wholeKid)("case %#: all samples, clean-fid's", async ({ reference, generated, value }) => {
    const options = { generator: generator(), subsets: 2, subsetSize: reference[0] };
    const found = await finished(kid(samples(reference), samples(generated), options));
    expect(Math.abs(found.mean - value)).toBeLessThan(TOLERANCE);
    expect(found.std).toBeLessThan(1e-12);
  });
});

it("products computed once or subset by subset: the same estimate", async () => {
  const sides = { reference: samples([80, 2048, 1, 1, 0]), generated: samples([60, 2048, 2, 0.9, 0.1]) };
  const rows = { reference: Int32Array.of(5, 1, 79, 30), generated: Int32Array.of(0, 59, 7, 8) };
  const products = createProducts();
  const once = await kernelSums(sides, new Array(600).fill(rows), products);
  const each = await kernelSums(sides, [rows], products);
  for (const side of ["reference", "generated"] as const) {
    expect(await each.within(side, rows[side])).toBeCloseTo(await once.within(side, rows[side]), 6);
  }
  expect(await each.between(rows.reference, rows.generated)).toBeCloseTo(
    await once.between(rows.reference, rows.generated),
    6,
  );
  await products.dispose();
});

it.each([
  [50, 0],
  [100, 0.002],
  [100, 3],
])("%i samples of each side around %d, far from zero for their spread", async (count, shift) => {
  const x = samples([count, 2048, 1, 1, shift]);
  const y = samples([count, 2048, 2, 1.002, shift]);
  const exact = byDefinition(x, y);
  const found = await finished(kid(x, y, { generator: generator(), subsets: 1 }));
  expect(Math.abs(found.mean - exact)).toBeLessThan(1e-5 * Math.abs(exact));
});

it("the same seed gives the same bits, another seed other subsets", async () => {
  const x = samples([60, 16, 1, 1, 0]);
  const y = samples([50, 16, 2, 1, 0.1]);
  const of = (seed: number) =>
    finished(kid(x, y, { generator: generatorFromSeed(seed), subsets: 5, subsetSize: 20 }));
  const first = await of(1);
  expect(await of(1)).toEqual(first);
  expect((await of(2)).mean).not.toBe(first.mean);
  expect(first).toMatchObject({ subsets: 5, subsetSize: 20 });
});

it("subsets of as many as the smaller side has, and progress for each", async () => {
  const seen: Progress[] = [];
  const work = kid(samples([30, 4, 1, 1, 0]), samples([20, 4, 2, 1, 0]), { generator: generator() });
  expect(await finished(work, seen)).toMatchObject({ subsets: 100, subsetSize: 20 });
  expect(seen.map(({ done }) => done)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
});

describe("bad input", () => {
  const good = table([1, 2], [3, 4], [5, 6]);
  const run = (x: Samples, y: Samples, options = {}) =>
    finished(kid(x, y, { generator: generator(), ...options }));

  it.each([
    [
      table([1, Number.NaN], [1, 2]),
      {},
      "FID_NUMBER_RANGE",
      /Generated features: .* found NaN in row 0, column 1/,
    ],
    [
      table([1, 2], [Number.POSITIVE_INFINITY, 2]),
      {},
      "FID_NUMBER_RANGE",
      /found Infinity in row 1, column 0/,
    ],
    [
      table([1, 2]),
      {},
      "FID_TOO_FEW_SAMPLES",
      /Generated features: expected at least 2 samples for pairs of them, found 1/,
    ],
    [table([1], [2]), {}, "FID_SAMPLE_SHAPE", /the same dimensions, .* found 2 and 1/],
    [{ ...good, count: 4 }, {}, "FID_SAMPLE_SHAPE", /4 x 2 numbers, found 6/],
    [
      good,
      { subsetSize: 4 },
      "FID_METRIC_OPTION",
      /subsetSize: expected a whole number from 2 to 3, .* found 4/,
    ],
    [good, { subsetSize: 1 }, "FID_METRIC_OPTION", /found 1/],
    [good, { subsets: 0 }, "FID_METRIC_OPTION", /subsets: expected a whole number of at least 1, found 0/],
  ])("%#", async (bad, options, code, message) => {
    await expect(run(good, bad, options)).rejects.toMatchObject({
      code,
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });
});
