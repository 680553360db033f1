import { generatorFromSeed } from "@touchstone/nn";
import { describe, expect, it } from "vitest";
import { finished, golden } from "../../test/golden-metrics.ts";
import { quantile } from "../samples/summary.ts";
import { bootstrap, jackknife, scoreAtInfinity } from "./index.ts";

const generator = () => generatorFromSeed("resampling");
const values = Float64Array.from(generator().normal(60), (x) => x ** 2);
const mean = (xs: ArrayLike<number>) => Array.from(xs).reduce((sum, x) => sum + x, 0) / xs.length;
const variance = (xs: number[]) => mean(xs.map((x) => (x - mean(xs)) ** 2)); // divisor n
const chosen = (indices: Int32Array) => Array.from(indices, (i) => values[i]!);
const meanOf = (indices: Int32Array) => mean(chosen(indices));
const varianceOf = async (indices: Int32Array) => variance(chosen(indices));
const meanError = Math.sqrt(variance(Array.from(values)) / (values.length - 1));

describe("bootstrap", () => {
  it("of a mean: its textbook standard error, an interval of 1.96 of them on each side, no bias", async () => {
    const found = await finished(bootstrap(60, meanOf, { generator: generator(), replicates: 4000 }));
    expect(found.estimate).toBeCloseTo(mean(values), 12);
    expect(found.standardError / meanError).toBeGreaterThan(0.93);
    expect(found.standardError / meanError).toBeLessThan(1.04);
    expect(Math.abs(found.bias)).toBeLessThan(0.1 * meanError);
    expect((found.high - found.low) / (2 * 1.96 * meanError)).toBeGreaterThan(0.9);
    expect((found.high - found.low) / (2 * 1.96 * meanError)).toBeLessThan(1.07);
  });

  it("draws as many as there are, with replacement, the same for the same seed", async () => {
    const drawn: number[][] = [];
    const record = (indices: Int32Array) => drawn.push(Array.from(indices));
    await finished(bootstrap(9, record, { generator: generator(), replicates: 50 }));
    const first = drawn.splice(0);
    expect(first[0]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(first.slice(1).every((indices) => indices.length === 9 && Math.max(...indices) < 9)).toBe(true);
    expect(first.slice(1).some((indices) => new Set(indices).size < 9)).toBe(true);
    await finished(bootstrap(9, record, { generator: generator(), replicates: 50 }));
    expect(drawn).toEqual(first);
  });
});

describe("jackknife", () => {
  it("of a mean, without one sample at a time: its textbook standard error, no bias", async () => {
    const found = await finished(jackknife(60, meanOf, { generator: generator(), groups: 60 }));
    expect(found.standardError).toBeCloseTo(meanError, 12);
    expect(found.bias).toBeCloseTo(0, 12);
    expect(found).toMatchObject({ groups: 60 });
  });

  it("turns the variance with divisor n into the one with n - 1", async () => {
    const found = await finished(jackknife(60, varianceOf, { generator: generator(), groups: 60 }));
    expect(found.corrected).toBeCloseTo((found.estimate * 60) / 59, 12);
  });

  it("twenty groups of nearly equal size, each left out once", async () => {
    const kept: Int32Array[] = [];
    const score = (indices: Int32Array) => {
      kept.push(indices);
      return meanOf(indices);
    };
    const found = await finished(jackknife(55, score, { generator: generator() }));
    const left = kept.slice(1).map((indices) => 55 - indices.length);
    expect(left.toSorted()).toEqual([...new Array(5).fill(2), ...new Array(15).fill(3)]);
    const times = new Int32Array(55);
    for (const indices of kept.slice(1)) for (const i of indices) times[i]!++;
    expect(times.every((n) => n === 19)).toBe(true);
    expect(found.groups).toBe(20);
  });

  it.each(golden.student)(
    "$freedom degrees of freedom: Student's quantile",
    async ({ freedom, quantile }) => {
      const found = await finished(jackknife(100, mean, { generator: generator(), groups: freedom + 1 }));
      expect((found.high - found.corrected) / found.standardError / quantile).toBeCloseTo(1, 2);
      expect(found.high - found.corrected).toBeCloseTo(found.corrected - found.low, 12);
    },
  );
});

describe("at infinity", () => {
  it("a score of 27 + 300 / n: 27, at the paper's sizes", async () => {
    const options = { generator: generator(), smallest: 5000, largest: 50_000 };
    const found = await finished(scoreAtInfinity((n) => 27 + 300 / n, options));
    expect(found.limit).toBeCloseTo(27, 12);
    expect(found.slope).toBeCloseTo(300, 8);
    expect(found.standardError).toBeLessThan(1e-10);
    // np.linspace(5000, 50000, 15).astype("int32")
    const sizes = [
      5000, 8214, 11428, 14642, 17857, 21071, 24285, 27500, 30714, 33928, 37142, 40357, 43571, 46785, 50000,
    ];
    expect(found.points.map(({ n }) => n)).toEqual(sizes);
  });

  it("of the variance with divisor n: the distribution's", async () => {
    const options = { generator: generator(), smallest: 10, largest: 100, points: 10 };
    const found = await finished(
      scoreAtInfinity(
        async (n, draw) => mean(Array.from({ length: 3000 }, () => variance(Array.from(draw.normal(n))))),
        options,
      ),
    );
    expect(Math.abs(found.limit - 1)).toBeLessThan(0.02);
    expect(Math.abs(found.slope + 1)).toBeLessThan(0.3);
    expect(found.standardError).toBeGreaterThan(0);
  });

  it("gives each point numbers of its own", async () => {
    const drawn = new Set<number>();
    const options = { generator: generator(), smallest: 1, largest: 5, points: 5 };
    const score = (n: number, draw: ReturnType<typeof generator>) => {
      drawn.add(draw.uniform(1)[0]!);
      return n;
    };
    await finished(scoreAtInfinity(score, options));
    expect(drawn.size).toBe(5);
  });
});

it("quantiles are numpy's", () => {
  // np.quantile([1, 2, 4, 8], [0, .1, .5, .975, 1])
  const sorted = [1, 2, 4, 8];
  expect([0, 0.1, 0.5, 0.975, 1].map((q) => quantile(sorted, q))).toEqual([1, 1.3, 3, 7.699999999999999, 8]);
});

describe("bad input", () => {
  const g = { generator: generator() };
  it.each([
    ["bootstrap of one", () => bootstrap(1, meanOf, g), "FID_METRIC_OPTION", /count: .* at least 2, found 1/],
    ["one replicate", () => bootstrap(9, meanOf, { ...g, replicates: 1 }), "FID_METRIC_OPTION", /replicates/],
    ["NaN", () => bootstrap(9, () => Number.NaN, g), "FID_SCORE_NOT_FINITE", /all samples: .* found NaN/],
    [
      "jackknife of four",
      () => jackknife(4, meanOf, g),
      "FID_METRIC_OPTION",
      /count: .* at least 5, found 4/,
    ],
    [
      "more groups than samples",
      () => jackknife(9, meanOf, { ...g, groups: 10 }),
      "FID_METRIC_OPTION",
      /from 5 to 9, found 10/,
    ],
    [
      "infinite without one group",
      () => jackknife(9, (indices) => (indices.length < 9 ? Number.POSITIVE_INFINITY : 1), g),
      "FID_SCORE_NOT_FINITE",
      /all but group 0: .* found Infinity/,
    ],
    [
      "no room for the sizes",
      () => scoreAtInfinity((n) => n, { ...g, smallest: 10, largest: 20 }),
      "FID_METRIC_OPTION",
      /largest: expected at least 24, .* found 20/,
    ],
    [
      "two points",
      () => scoreAtInfinity((n) => n, { ...g, smallest: 1, largest: 9, points: 2 }),
      "FID_METRIC_OPTION",
      /points/,
    ],
  ])("%s", async (_, run, code, message) => {
    await expect(finished(run() as never)).rejects.toMatchObject({
      code,
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  it("what a score throws comes through", async () => {
    const fail = () => {
      throw new Error("no weights");
    };
    await expect(finished(bootstrap(9, fail, g))).rejects.toThrow("no weights");
  });
});
