import { expect, it } from "vitest";
import { graded, resultsOf, student } from "../../test/small-class.ts";
import type { Policy } from "../policy/policy.ts";

const ada = student("b01");
const policyOf = (own: Policy["students"][string]): Policy => ({ students: { b01: own } });
const pointsOf = (...args: Parameters<typeof graded>) => graded(...args).grading.points;

it("points are the rubric's: 10 * 0.8, and 3 for each target above 0.5", () => {
  expect(pointsOf(ada, resultsOf(0.8))).toEqual({
    earned: 14,
    possible: 16,
    open: 0,
    deductions: [],
    given: { penalties: [] },
  });
});

it("late days and penalties take off, and the policy's word counts before the list's", () => {
  const late = student("b01", { daysLate: 3 });
  // One day is free, each further one is 10 % of what the penalty of 50 % has left.
  expect(pointsOf(late, resultsOf(0.8), { policy: policyOf({ penalties: ["codeFix"] }) })).toMatchObject({
    earned: 5.6,
  });
  expect(pointsOf(late, resultsOf(0.8), { policy: policyOf({ daysLate: 0 }) })).toMatchObject({ earned: 14 });
});

it("an override stands in place of the rubric, with its reason, and late days are still taken off", () => {
  const policy = policyOf({ daysLate: 2, overrides: [{ problem: "p3", points: 5, reason: "seen by hand" }] });
  const { grading } = graded(ada, resultsOf(0.2), { policy });
  expect(grading.points).toMatchObject({ earned: 6.3, possible: 16 }); // (2 + 5) * 0.9
  expect(grading.results.map(({ points }) => points.length)).toEqual([1, 1, 0]);
  expect(grading.results[1]!.points[0]).toEqual({
    ...{ label: "set by hand", earned: 5, possible: 6, because: "seen by hand (before: 0 of 6)" },
  });
});

it("an override of one column leaves the others", () => {
  const overrides = [{ problem: "p3", column: "usps", points: 3, reason: "x" }];
  expect(pointsOf(ada, resultsOf(0.2), { policy: policyOf({ overrides }) })).toMatchObject({ earned: 5 });
});

it("an override decides what could not be graded", () => {
  const results = resultsOf(0.8, { status: "not-gradable", reasons: ["no disk"], metrics: [] });
  expect(pointsOf(ada, results)).toMatchObject({ possible: 0, open: 16 });
  const overrides = [{ problem: "p1", points: 10, reason: "x" }];
  expect(pointsOf(ada, results, { policy: policyOf({ overrides }) })).toMatchObject({
    earned: 10,
    possible: 10,
    open: 6,
  });
});

it("problems that somebody is excused from do not count", () => {
  expect(pointsOf(student("b01", { excused: ["p3"] }), resultsOf(0.8))).toMatchObject({
    earned: 8,
    possible: 10,
  });
  const all = graded(ada, resultsOf(0.8), { policy: policyOf({ excused: true }) });
  expect([all.status, all.grading.points]).toEqual([
    "excused",
    { earned: 0, possible: 0, open: 0, deductions: [], given: { penalties: [] } },
  ]);
});

it("without a submission there are no points; without a record nothing is known", () => {
  const missing = graded(ada, [], { isSubmitted: false });
  expect([missing.status, missing.grading.points]).toEqual([
    "missing",
    { earned: 0, possible: 16, open: 0, deductions: [], given: { penalties: [] } },
  ]);
  const waiting = graded(ada, resultsOf(0.8).slice(0, 1));
  expect([waiting.status, waiting.grading.points]).toMatchObject([
    "not-graded",
    { earned: 8, possible: 10, open: 6 },
  ]);
});

it("a submission that was graded once counts, wherever its folder is now", () => {
  expect(graded(ada, resultsOf(1), { isSubmitted: false }).status).toBe("graded");
});

it("an unknown penalty is an error", () => {
  expect(() => graded(ada, [], { policy: policyOf({ penalties: ["nothing"] }) })).toThrow(
    /one of codeFix, found "nothing"/,
  );
});
