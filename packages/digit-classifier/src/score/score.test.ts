import { describe, expect, it } from "vitest";
import { checkNumbering } from "./numbering.ts";
import { type Reading, scoreReadings } from "./score.ts";
import { wilsonInterval } from "./wilson.ts";

const reading = (label: number, digit?: number): Reading => ({
  file: `${label}_001.png`,
  label,
  ...(digit === undefined ? {} : { read: { digit, probability: 0.9 } }),
});

describe("score", () => {
  it("counts an unreadable file as misread", () => {
    const score = scoreReadings([reading(3, 3), reading(3, 8), reading(3), reading(7, 7)]);
    expect(score).toMatchObject({ count: 4, correct: 2, accuracy: 0.5 });
    expect(score.perDigit[3]).toMatchObject({ count: 3, correct: 1 });
    expect(score.perDigit[0]).toMatchObject({
      count: 0,
      accuracy: Number.NaN,
      interval: { low: 0, high: 1 },
    });
    expect([score.confusion[3]![3], score.confusion[3]![8], score.confusion[7]![7]]).toEqual([1, 1, 1]);
    expect([score.misread.length, score.unreadable.length]).toEqual([1, 1]);
  });
});

// scipy.stats.binomtest(k, n).proportion_ci(0.95, "wilson"), SciPy 1.17.1
it.each([
  [0, 10, 0, 0.277532799863],
  [10, 10, 0.722467200137, 1],
  [951, 1000, 0.935809298493, 0.962738965353],
  [37, 100, 0.281823605343, 0.467794704191],
])("%i of %i", (successes, trials, low, high) => {
  const interval = wilsonInterval(successes, trials);
  expect(interval.low).toBeCloseTo(low, 10);
  expect(interval.high).toBeCloseTo(high, 10);
});

describe("numbering", () => {
  const names = (first: number, count: number, skip: string[] = []) =>
    Array.from({ length: 10 }, (_, digit) =>
      Array.from({ length: count }, (_, i) => `${digit}_${String(first + i).padStart(3, "0")}`),
    )
      .flat()
      .filter((name) => !skip.includes(name))
      .map((name) => `${name}.png`);

  it.each([0, 1])("that begins at %i", (first) => {
    expect(checkNumbering(names(first, 100))).toEqual({ missing: [], surplus: [] });
  });

  it("with a gap and a file too many", () => {
    const files = [...names(1, 100, ["3_017", "9_100"]), "4_101.png", "readme.txt"];
    expect(checkNumbering(files, 100)).toEqual({ missing: ["3_017", "9_100"], surplus: ["4_101.png"] });
  });

  it("with a number used twice", () => {
    expect(checkNumbering([...names(0, 5), "2_3.png"], 5)).toEqual({ missing: [], surplus: ["2_3.png"] });
  });

  it("with fewer of every digit than wanted", () => {
    expect(checkNumbering(names(1, 99), 100).missing).toEqual(
      Array.from({ length: 10 }, (_, d) => `${d}_100`),
    );
  });

  it("of no files at all", () => {
    expect(checkNumbering([])).toEqual({ missing: [], surplus: [] });
    expect(checkNumbering([], 100).missing.length).toBe(1000);
  });
});
