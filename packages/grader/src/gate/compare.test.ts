import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metric } from "../../test/example-grading.ts";
import type { Metric } from "../results/results.ts";
import type { BaselineEntry } from "./baseline.ts";
import { compare, passing } from "./compare.ts";

const { protocol, interval: _, ...plain } = metric();

function entry(overrides: Partial<BaselineEntry> = {}): BaselineEntry {
  const run = { problem: "p1", variant: "DCGAN", metric: "fid" };
  const tolerances = { absolute: 0, relative: 0, level: "error" } as const;
  return {
    ...run,
    value: 30,
    n: 1000,
    better: "lower",
    protocol: { ...protocol },
    ...tolerances,
    ...overrides,
  };
}

const verdict = (baseline: Partial<BaselineEntry>, now: Partial<Metric>) =>
  compare(entry(baseline), { ...plain, protocol, ...now }).verdict;

describe("verdicts", () => {
  it.each([
    ["the same", {}, { value: 30 }, "ok"],
    ["worse without tolerance", {}, { value: 30.001 }, "regressed"],
    ["better without tolerance", {}, { value: 29.999 }, "better"],
    ["worse by what is allowed", { absolute: 0.5 }, { value: 30.5 }, "ok"],
    ["worse by more", { absolute: 0.5 }, { value: 30.51 }, "regressed"],
    ["a share of the baseline", { relative: 0.25 }, { value: 37.5 }, "ok"],
    ["the larger allowance counts", { absolute: 0.5, relative: 0.25 }, { value: 37 }, "ok"],
    // Half widths 3 and 4: the noise is 5.
    ["within the noise of both", { interval: [27, 33] }, { value: 35, interval: [31, 39] }, "within-noise"],
    ["beyond the noise of both", { interval: [27, 33] }, { value: 35.01, interval: [31, 39] }, "regressed"],
    ["noise of one side only", {}, { value: 33.9, interval: [30, 38] }, "within-noise"],
    ["better, but perhaps by noise", { interval: [27, 33] }, { value: 28 }, "ok"],
    ["beyond the noise, yet allowed", { absolute: 9, interval: [29, 31] }, { value: 38 }, "ok"],
  ] as const)("%s", (_title, { ...baseline }, { ...now }, expected) => {
    const mutable = baseline as Partial<BaselineEntry>;
    expect(verdict(mutable, now as Partial<Metric>)).toBe(expected);
  });

  it("the direction is the metric's", () => {
    const up = { better: "higher" } as const;
    expect(verdict({ ...up, value: 0.9 }, { ...up, value: 0.8 })).toBe("regressed");
    expect(verdict({ ...up, value: 0.9 }, { ...up, value: 0.95 })).toBe("better");
    expect(verdict({ better: "higher" }, { value: 20 })).toBe("unlike-protocol");
  });

  it.each([null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "%s is no value",
    (value) => {
      expect(verdict({ absolute: 1e9 }, { value })).toBe("nan");
      expect(verdict({ absolute: 1e9 }, { value: 1, interval: [0, value ?? Number.NaN] })).toBe("nan");
    },
  );

  it("unlike protocols, and what differs", () => {
    const { extractor: __, ...rest } = protocol;
    const { verdict, because } = compare(
      entry(),
      metric({ protocol: { ...rest, resize: "clean", dims: 768 } }),
    );
    expect(verdict).toBe("unlike-protocol");
    expect(because).toBe(
      "Not comparable: dims was not given, is 768; extractor was inception, is not given; resize was pytorch, is clean.",
    );
  });

  it("too few: by default fewer than the baseline has", () => {
    expect(verdict({}, { value: 1, n: 999 })).toBe("too-few");
    expect(verdict({ minimum: 500 }, { value: 1, n: 500 })).toBe("better");
    expect(verdict({ minimum: 2000 }, { value: 1, n: 1000 })).toBe("too-few");
    expect(verdict({ minimum: 0 }, { value: 1, n: Number.NaN })).toBe("too-few");
  });

  it("a sentence with the figures", () => {
    expect(compare(entry({ relative: 0.01 }), metric({ value: 31.5, interval: [31, 32] })).because).toBe(
      "Worse by 1.500, where 0.3000 is allowed and the noise is 0.5000.",
    );
  });
});

describe("for any values", () => {
  const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const width = fc.option(fc.double({ min: 0, max: 1e3, noNaN: true }));
  const tolerance = fc.double({ min: 0, max: 1e3, noNaN: true });
  const around = (value: number, half: number | null) =>
    half === null ? {} : { interval: [value - half, value + half] as [number, number] };
  const cases = fc.record({
    base: finite,
    value: finite,
    baseWidth: width,
    valueWidth: width,
    absolute: tolerance,
    relative: tolerance,
    better: fc.constantFrom("lower" as const, "higher" as const),
  });
  type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;
  const passes = ({ base, value, baseWidth, valueWidth, absolute, relative, better }: Case) => {
    const held = entry({ value: base, better, absolute, relative, ...around(base, baseWidth) });
    return passing.has(
      compare(held, { ...plain, protocol, better, value, ...around(value, valueWidth) }).verdict,
    );
  };

  it("a value that is no worse passes", () => {
    fc.assert(
      fc.property(cases, (c) => {
        const isWorse = c.better === "lower" ? c.value > c.base : c.value < c.base;
        expect(isWorse || passes(c)).toBe(true);
      }),
    );
  });

  it("where a value passes, a better one does", () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0, max: 1e6, noNaN: true }), (c, gain) => {
        // Without intervals, whose rounding depends on the value.
        const exact = { ...c, valueWidth: null };
        const improved = { ...exact, value: c.better === "lower" ? c.value - gain : c.value + gain };
        expect(!passes(exact) || passes(improved)).toBe(true);
      }),
    );
  });

  it("where a value passes, it does with a wider tolerance or interval", () => {
    fc.assert(
      fc.property(cases, tolerance, (c, more) => {
        const wider: Case[] = [
          { ...c, absolute: c.absolute + more },
          { ...c, relative: c.relative + more },
          { ...c, baseWidth: (c.baseWidth ?? 0) + more },
          { ...c, valueWidth: (c.valueWidth ?? 0) + more },
        ];
        for (const other of wider) expect(!passes(c) || passes(other)).toBe(true);
      }),
    );
  });
});
