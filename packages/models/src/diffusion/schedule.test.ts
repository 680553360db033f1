/** The schedule against diffusers and closed forms, and the levels that samplers pass. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { alphaBarOf, type Betas, levelsPassed } from "./schedule.ts";

const golden: { alphaBar: Record<string, Record<string, number>> } = JSON.parse(
  readFileSync(
    new URL("../../../../fixtures/golden/models/diffusion/samplers.json", import.meta.url),
    "utf8",
  ),
);

describe("alphaBar", () => {
  it.each(Object.entries(golden.alphaBar))("%s is diffusers'", (name, expected) => {
    const [betas, levels] = name.split(" ") as [Betas, string];
    const found = alphaBarOf({ betas, levels: Number(levels) });
    // Their cosine's betas are rounded to float32, the last one next to 1.
    for (const [level, value] of Object.entries(expected))
      expect(found[Number(level)]! / value).toBeCloseTo(1, 4);
  });

  it("of the cosine is f(t) / f(0) below the largest beta, for any number of levels", () => {
    for (const levels of [2, 10, 777]) {
      const found = alphaBarOf({ betas: "cosine", levels });
      const f = (t: number) => Math.cos(((t / levels + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
      for (let t = 0; t < levels; t++) expect(found[t]).toBeCloseTo(f(t) / f(0), 10);
      expect(found[levels]! / found[levels - 1]!).toBeCloseTo(0.001, 10);
    }
  });

  it("of the linear falls by 1 - 1e-4 first and 1 - 0.02 last", () => {
    const found = alphaBarOf();
    expect(found.length).toBe(1001);
    expect(found[0]).toBe(1);
    expect(found[1]).toBe(1 - 1e-4);
    expect(found[1000]! / found[999]!).toBeCloseTo(0.98, 12);
  });

  it.each([1, 0, 10.5, 1e9, Number.NaN])("refuses %s levels", (levels) => {
    expect(() => alphaBarOf({ levels })).toThrow(/levels: expected a whole number, 2 \.\.\. 10000, found/);
  });

  it("refuses unknown betas", () => {
    expect(() => alphaBarOf({ betas: "sqrt" as Betas })).toThrow(
      "Option betas: expected one of linear, cosine, found sqrt.",
    );
  });
});

describe("levelsPassed", () => {
  it("goes evenly from T to 0", () => {
    expect(levelsPassed(1000, 4)).toEqual([1000, 750, 500, 250, 0]);
    expect(levelsPassed(1000, 3)).toEqual([1000, 667, 333, 0]);
    expect(levelsPassed(5, 5)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(levelsPassed(5, 1)).toEqual([5, 0]);
  });

  it("passes no level twice", () => {
    for (let steps = 1; steps <= 97; steps++) {
      const levels = levelsPassed(97, steps);
      expect(new Set(levels).size).toBe(steps + 1);
    }
  });

  it.each([0, 1001, -1, 2.5, Number.NaN])("refuses %s steps of 1000 levels", (steps) => {
    expect(() => levelsPassed(1000, steps)).toThrow(
      `Option steps: expected a whole number, 1 ... 1000 (the levels of noise), found ${steps}.`,
    );
  });
});
