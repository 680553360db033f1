/** Philox and the normal quantile against values from elsewhere. */

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { negativeLog, normalQuantile } from "./normal-quantile.ts";
import { type Counter, highProduct, type Key, philox } from "./philox.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../../../fixtures/golden/random/generator.json", import.meta.url), "utf8"),
) as {
  knownAnswers: { counter: string; key: string; result: string }[];
  quantiles: { word: number; value: number }[];
};

const words = (text: string) => text.split(" ").map((word) => Number.parseInt(word, 16));

describe("Philox4x32-10", () => {
  it.each(golden.knownAnswers)("Random123's known answer for $counter", ({ counter, key, result }) => {
    const out = new Uint32Array(4);
    philox(out, words(counter) as unknown as Counter, words(key) as unknown as Key);
    expect(Array.from(out)).toEqual(words(result));
  });

  it("carries the counter from its lowest word into the next", () => {
    const key: Key = [1, 2];
    const run = new Uint32Array(12);
    philox(run, [0xffffffff, 5, 6, 7], key);
    const single = new Uint32Array(4);
    philox(single, [1, 6, 6, 7], key);
    expect(run.slice(8)).toEqual(single);
  });

  it("multiplies 32-bit words exactly", () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const high = highProduct(a, b & 0xffff, b >>> 16) >>> 0;
        expect(BigInt(high)).toBe((BigInt(a) * BigInt(b)) >> 32n);
      }),
      { examples: [[0xffffffff, 0xffffffff]] },
    );
  });
});

describe("the normal quantile", () => {
  it("is within 1e-15 of mpmath's, relatively", () => {
    for (const { word, value } of golden.quantiles) {
      expect(Math.abs(normalQuantile(word) / value - 1), `word ${word}`).toBeLessThan(1e-15);
    }
  });

  it("is odd and increases", () => {
    const word = fc.integer({ min: 0, max: 0xfffffffe });
    fc.assert(
      fc.property(word, (w) => {
        expect(normalQuantile(0xffffffff - w)).toBe(-normalQuantile(w));
        expect(normalQuantile(w + 1)).toBeGreaterThan(normalQuantile(w));
      }),
      { examples: [[322122546], [322122547], [0x7fffffff]] },
    );
  });

  it("takes logarithms within a relative 1e-15", () => {
    const check = (k: number) => {
      const expected = -Math.log(k / 2 ** 33);
      expect(Math.abs(negativeLog(k) / expected - 1), `-ln(${k} / 2^33)`).toBeLessThan(1e-15);
    };
    [1, 2, 3, 2 ** 30, 2 ** 31 - 1, 1518500249, 1518500250].forEach(check);
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), check));
  });
});
