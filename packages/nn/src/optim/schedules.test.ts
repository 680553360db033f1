import { describe, expect, it } from "vitest";
import { readGolden } from "../../test/golden.ts";
import { constantRate, cosine, multiStep, warmUp } from "./schedules.ts";

interface Attrs {
  rate: number;
  rates: number[];
  milestones: number[];
  gamma: number;
  steps: number;
  floor: number;
  warmUp: number;
  from: number;
}

const SCHEDULES = {
  constant: ({ rate }: Attrs) => constantRate(rate),
  multiStep: ({ rate, milestones, gamma }: Attrs) => multiStep(rate, milestones, { gamma }),
  cosine: ({ rate, steps, floor }: Attrs) => cosine(rate, steps, { floor }),
};

describe("21 steps of a schedule, from PyTorch", () => {
  it.each(readGolden<Attrs>("schedules.json").map(({ name, attrs }) => [name, attrs] as const))(
    "%s",
    (name, attrs) => {
      const after = SCHEDULES[name.replace("warm-up, ", "") as keyof typeof SCHEDULES](attrs);
      const schedule = attrs.warmUp ? warmUp(after, attrs.warmUp, { from: attrs.from }) : after;
      const largest = Math.max(...attrs.rates);
      expect(attrs.rates).toHaveLength(21);
      for (const [step, rate] of attrs.rates.entries())
        expect(Math.abs(schedule(step) - rate) / largest, `step ${step}`).toBeLessThan(1e-14);
    },
  );
});

it("cosine stays at its floor once it is there", () => {
  expect(cosine(1, 10, { floor: 0.25 })(35)).toBe(0.25);
});

it("warmUp begins at 0 unless told otherwise", () => {
  expect([0, 1, 2, 3, 4].map(warmUp(constantRate(0.4), 4))).toEqual([
    0,
    0.1,
    0.2,
    expect.closeTo(0.3, 15),
    0.4,
  ]);
});

describe("schedules refuse", () => {
  it.each([
    ["a rate of less than 0", () => constantRate(-1), "rate: expected a finite number, 0 or more, found -1"],
    [
      "an infinite rate",
      () => multiStep(Number.POSITIVE_INFINITY, []),
      "rate: expected a finite number, 0 or more, found Infinity",
    ],
    ["no steps", () => cosine(1, 0), "steps: expected a whole number, 1 or more, found 0"],
    [
      "half a step",
      () => warmUp(constantRate(1), 2.5),
      "steps: expected a whole number, 1 or more, found 2.5",
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
