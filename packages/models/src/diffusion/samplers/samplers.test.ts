/** Samplers on Gaussian data, for which the noise in x is known exactly: everything has a closed form. In float64. */

import { describe, expect, it } from "vitest";
import { alphaBarOf, levelsPassed } from "../schedule.ts";
import { type SamplerName, type SamplerOptions, samplerNamed, type Update } from "./index.ts";

const alphaBar = alphaBarOf();
const signal = (level: number) => Math.sqrt(alphaBar[level]!);
const sigma = (level: number) => Math.sqrt(1 - alphaBar[level]!);
/** Of x at a level, where the data is N(mean, deviation^2). */
const spread = (level: number, deviation: number) => Math.hypot(signal(level) * deviation, sigma(level));

const updatesOf = (name: SamplerName, steps: number, options?: SamplerOptions): Update[] =>
  samplerNamed(name)(alphaBar, levelsPassed(1000, steps), options);

/** E[x0 | x]: for a deviation of 0 the mean itself. */
function posteriorMean(level: number, x: number, mean: number, deviation: number): number {
  const gain = (signal(level) * deviation ** 2) / spread(level, deviation) ** 2;
  return mean + gain * (x - signal(level) * mean);
}

/** x at each level that is passed, of a sampler that adds no noise. */
function trajectory(updates: Update[], x: number, mean: number, deviation: number): Map<number, number> {
  const path = new Map([[updates[0]!.level, x]]);
  let earlier = 0;
  for (const update of updates) {
    const clean = posteriorMean(update.level, x, mean, deviation);
    x = update.x * x + update.clean * clean + update.earlierClean * earlier;
    earlier = clean;
    path.set(update.next, x);
  }
  return path;
}

/** Mean and variance at level 0 of a sampler with one prediction a step: each step is linear, a x + b + s z. */
function moments(updates: Update[], mean: number, deviation: number): { mean: number; variance: number } {
  let [m, v] = [0, 1];
  for (const { level, x, clean, noise } of updates) {
    const b = clean * posteriorMean(level, 0, mean, deviation);
    const a =
      x + clean * (posteriorMean(level, 1, mean, deviation) - posteriorMean(level, 0, mean, deviation));
    [m, v] = [a * m + b, a ** 2 * v + noise ** 2];
  }
  return { mean: m, variance: v };
}

const DETERMINISTIC = ["ddim", "dpm-solver"] as const;

describe("one possible image", () => {
  it.each(DETERMINISTIC)("%s keeps the noise as it is, at every level", (name) => {
    for (const steps of [1, 2, 7, 50, 1000]) {
      const path = trajectory(updatesOf(name, steps), 1.3, 0.6, 0);
      const noise = (1.3 - signal(1000) * 0.6) / sigma(1000);
      for (const [level, x] of path) expect(x).toBeCloseTo(signal(level) * 0.6 + sigma(level) * noise, 9);
    }
  });

  it("ddpm has the forward process's mean and variance at every level", () => {
    for (const steps of [1, 2, 7, 50, 1000]) {
      let [mean, variance] = [signal(1000) * 0.6, sigma(1000) ** 2];
      for (const { next, x, clean, noise } of updatesOf("ddpm", steps)) {
        [mean, variance] = [x * mean + clean * 0.6, x ** 2 * variance + noise ** 2];
        expect(mean).toBeCloseTo(signal(next) * 0.6, 10);
        expect(variance).toBeCloseTo(sigma(next) ** 2, 10);
      }
    }
  });
});

describe("Gaussian data", () => {
  const [mean, deviation, start] = [0.3, 0.5, 1.7];
  /** The probability-flow equation's solution: x keeps its quantile. */
  const exact = (level: number) =>
    signal(level) * mean +
    ((start - signal(1000) * mean) * spread(level, deviation)) / spread(1000, deviation);
  const errorAt = (level: number, name: SamplerName, steps: number) =>
    Math.abs(trajectory(updatesOf(name, steps), start, mean, deviation).get(level)! - exact(level));

  it.each([
    ["ddim", 1],
    ["dpm-solver", 2],
  ] as const)("%s converges to the exact path, with order %i", (name, order) => {
    const errors = [50, 100, 200].map((steps) => errorAt(200, name, steps));
    expect(errors[0]).toBeLessThan(order === 1 ? 0.02 : 0.002);
    for (const i of [1, 2]) {
      expect(Math.log2(errors[i - 1]! / errors[i]!)).toBeGreaterThan(order - 0.3);
      expect(Math.log2(errors[i - 1]! / errors[i]!)).toBeLessThan(order + 0.3);
    }
  });

  it("dpm-solver is nearer than ddim in as many steps", () => {
    for (const steps of [10, 20, 50]) {
      expect(errorAt(200, "dpm-solver", steps)).toBeLessThan(errorAt(200, "ddim", steps) / 2);
    }
  });

  it.each([
    ["ddpm", {}],
    ["ddim", {}],
    ["ddim", { eta: 0.5 }],
  ] as const)("%s %o makes the data's mean and variance, the better the more steps", (name, options) => {
    const errors = [100, 1000].map((steps) => {
      const found = moments(updatesOf(name, steps, options), mean, deviation);
      expect(found.mean).toBeCloseTo(mean, 1);
      return Math.abs(found.variance - deviation ** 2);
    });
    expect(errors[1]).toBeLessThan(0.02 * deviation ** 2);
    expect(errors[1]).toBeLessThan(errors[0]! / 3);
  });
});

describe("ddim", () => {
  it("with eta 1 is ddpm", () => {
    for (const steps of [1, 3, 20, 1000]) {
      const [ddim, ddpm] = [updatesOf("ddim", steps, { eta: 1 }), updatesOf("ddpm", steps)];
      ddim.forEach((update, i) => {
        for (const [key, value] of Object.entries(update)) {
          expect(ddpm[i]![key as keyof Update], key).toBeCloseTo(value, 9);
        }
      });
    }
  });

  it.each([-0.1, 1.1, Number.NaN])("refuses eta %s", (eta) => {
    expect(() => updatesOf("ddim", 10, { eta })).toThrow(/eta: expected a number in \[0, 1\], found/);
  });
});

it.each(["ddpm", "ddim", "dpm-solver"] as const)("%s ends with the predicted image", (name) => {
  for (const steps of [1, 5, 1000]) {
    const { next, x, clean, earlierClean, noise } = updatesOf(name, steps).at(-1)!;
    expect(next).toBe(0);
    for (const [weight, expected] of [
      [x, 0],
      [clean, 1],
      [earlierClean, 0],
      [noise, 0],
    ] as const) {
      expect(weight).toBeCloseTo(expected, 12);
    }
  }
});

it("refuses an unknown sampler", () => {
  expect(() => samplerNamed("euler")).toThrow(
    'Option sampler: expected one of dpm-solver, ddim, ddpm, found "euler".',
  );
  expect(() => samplerNamed("toString")).toThrow("Option sampler");
});
