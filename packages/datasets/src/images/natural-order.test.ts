/** That names come in the order a person expects, and in the same one whatever order they were found in. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareNatural } from "./natural-order.ts";

// Few characters, so that names have much in common.
const name = fc.string({ unit: fc.constantFrom(..."0019a_.é/"), maxLength: 8 });

describe("compareNatural", () => {
  it.each([
    [
      ["10.png", "2.png", "1.png"],
      ["1.png", "2.png", "10.png"],
    ],
    [
      ["3_100.png", "3_017.png", "10_1.png", "3_2.png"],
      ["3_2.png", "3_017.png", "3_100.png", "10_1.png"],
    ],
    [
      ["1.png", "01.png", "001.png"],
      ["001.png", "01.png", "1.png"],
    ],
    [
      ["a", "B", "é", "b", "A"],
      ["A", "B", "a", "b", "é"],
    ],
    [
      ["9".repeat(30), `1${"0".repeat(30)}`, "5"],
      ["5", "9".repeat(30), `1${"0".repeat(30)}`],
    ],
    [
      ["1e3.png", "200.png", "0x10.png", "2020-01-01.png"],
      ["0x10.png", "1e3.png", "200.png", "2020-01-01.png"],
    ],
  ])("sorts %j", (names, sorted) => {
    expect(names.toSorted(compareNatural)).toEqual(sorted);
  });

  it("is a total order: only equal names are equal", () => {
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        expect(Math.sign(compareNatural(a, b))).toBe(-Math.sign(compareNatural(b, a)) + 0);
        expect(compareNatural(a, b) === 0).toBe(a === b);
        if (compareNatural(a, b) < 0 && compareNatural(b, c) < 0)
          expect(compareNatural(a, c)).toBeLessThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  it("orders numbers as numbers", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n }), fc.bigInt({ min: 0n }), fc.nat(3), (a, b, zeros) => {
        const named = (n: bigint) => `x${"0".repeat(zeros)}${n}.png`;
        expect(Math.sign(compareNatural(named(a), `x${b}.png`))).toBe(
          a < b ? -1 : a > b ? 1 : zeros > 0 ? -1 : 0,
        );
      }),
    );
  });

  it("sorts the same from any order", () => {
    fc.assert(
      fc.property(
        fc
          .array(name)
          .chain((names) =>
            fc.tuple(fc.constant(names), fc.shuffledSubarray(names, { minLength: names.length })),
          ),
        ([names, shuffled]) => {
          expect(shuffled.toSorted(compareNatural)).toEqual(names.toSorted(compareNatural));
        },
      ),
    );
  });
});
