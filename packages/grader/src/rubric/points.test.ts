import fc from "fast-check";
import { expect, test } from "vitest";
import { daysLate, deduct, lateFactor, totalPoints, UnknownPenaltyError } from "./index.ts";

const late = { freeDays: 3, perDay: 0.3 };
const policies = { late, penalties: { codeFix: { label: "the code needed a small fix", share: 0.3 } } };

test("lines that are not decided count neither as earned nor as lost", () => {
  const line = { label: "x", because: "x" };
  expect(
    totalPoints([
      { ...line, earned: 0.1, possible: 1 },
      { ...line, earned: 0.2, possible: 1 },
      { ...line, earned: 0, possible: 5, undecided: "no weights" },
    ]),
  ).toEqual({ earned: 0.3, possible: 2, undecided: 5 });
});

test("the homework's late policy: 3 days free, then 30 % a day", () => {
  expect([0, 1, 3, 4, 5, 6, 7, 100].map((days) => lateFactor(late, days))).toEqual([
    1, 1, 1, 0.7, 0.4, 0.1, 0, 0,
  ]);
});

test("a day that has begun is a day", () => {
  const deadline = new Date("2023-10-31T23:59:00Z");
  expect(daysLate(deadline, new Date("2023-10-31T23:59:00Z"))).toBe(0);
  expect(daysLate(deadline, new Date("2023-10-01T00:00:00Z"))).toBe(0);
  expect(daysLate(deadline, new Date("2023-11-01T00:00:00Z"))).toBe(1);
  expect(daysLate(deadline, new Date("2023-11-01T23:59:01Z"))).toBe(2);
});

test("a fix takes 30 % off, and late days take theirs off the rest", () => {
  expect(deduct(20, policies)).toEqual({ earned: 20, deductions: [] });
  expect(deduct(20, policies, { penalties: ["codeFix"], daysLate: 4 })).toEqual({
    earned: 9.8,
    deductions: [
      { label: "the code needed a small fix", share: 0.3, points: 6 },
      { label: "4 days late, 3 of them free", share: 0.3, points: 4.2 },
    ],
  });
});

test("a penalty that the assignment does not have", () => {
  for (const name of ["toString", "codefix"]) {
    expect(() => deduct(20, policies, { penalties: [name] })).toThrow(UnknownPenaltyError);
  }
});

test("never below 0, never above what was earned; more days never give more", () => {
  const days = fc.nat({ max: 400 });
  fc.assert(
    fc.property(fc.double({ min: 0, max: 100, noNaN: true }), days, days, (earned, a, b) => {
      const left = (daysLate: number) => deduct(earned, policies, { daysLate }).earned;
      expect(left(a)).toBeGreaterThanOrEqual(0);
      expect(left(a)).toBeLessThanOrEqual(earned + 1e-9);
      expect(left(Math.max(a, b))).toBeLessThanOrEqual(left(Math.min(a, b)));
    }),
  );
});
