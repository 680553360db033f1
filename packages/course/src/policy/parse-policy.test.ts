import { expect, it } from "vitest";
import { assignment } from "../../test/small-class.ts";
import { parsePolicy } from "./parse-policy.ts";

const parse = (text: string, ids = ["b01", "b02"]) => parsePolicy(text, "policy.yaml", { assignment, ids });

it("nothing is a policy", () => {
  expect(parse("")).toEqual({ students: {} });
});

it("reads decisions and a leaderboard", () => {
  const policy = parse(`
deadline: 2026-11-20 23:59
students:
  b01: { daysLate: 3, penalties: [codeFix], overrides: [{ problem: p1, points: 8, reason: checked by hand }] }
  b02: { excused: [p3] }
leaderboard:
  submission_rule: Force_Best
  columns: [{ title: Accuracy, key: p3.svhn.accuracy, index: 0, precision: 4 }]
`);
  expect(policy.students.b01).toMatchObject({ daysLate: 3, overrides: [{ reason: "checked by hand" }] });
  expect(policy.leaderboard).toMatchObject({
    title: "Leaderboard",
    columns: [{ sorting: "desc", hidden: false }],
  });
});

it.each<[string, string, RegExp]>([
  ["no YAML", "students: [", /^policy.yaml:1:\d+: expected YAML/],
  [
    "an unknown field",
    "student: {}",
    /:1:1: student: expected deadline, students or leaderboard, found "student"; did you/,
  ],
  [
    "an unknown student",
    "students:\n  b1: { daysLate: 1 }",
    /:2:3: students.b1: expected a student_id .* "b1"; did you mean "b01"/,
  ],
  [
    "an unknown penalty",
    "students: { b01: { penalties: [codefix] } }",
    /:1:\d+: .*expected one of codeFix, found "codefix"/,
  ],
  ["an unknown problem", "students: { b01: { excused: [p9] } }", /expected one of p1, p3, found "p9"/],
  [
    "no reason",
    "students: { b01: { overrides: [{ problem: p1, points: 8 }] } }",
    /reason: expected a reason, .* found nothing/,
  ],
  [
    "an empty reason",
    "students: { b01: { overrides: [{ problem: p1, points: 8, reason: ' ' }] } }",
    /reason: expected a reason/,
  ],
  [
    "points below 0",
    "students: { b01: { overrides: [{ problem: p1, points: -1, reason: x }] } }",
    /points of 0 or more, found -1/,
  ],
  [
    "two overrides",
    "students: { b01: { overrides: [{ problem: p1, points: 1, reason: x }, { problem: p1, points: 2, reason: y }] } }",
    /expected one override of p1/,
  ],
  [
    "an unknown column",
    "students: { b01: { overrides: [{ problem: p3, column: mnist, points: 1, reason: x }] } }",
    /expected one of svhn, usps, found "mnist"/,
  ],
  [
    "an unknown key",
    "leaderboard: { columns: [{ title: A, key: p1.fid, index: 0 }] }",
    /expected one of points, .* found "p1.fid"/,
  ],
  [
    "two of an index",
    "leaderboard: { columns: [{ title: A, key: points, index: 0 }, { title: B, key: points, index: 0 }] }",
    /an index of its own/,
  ],
  [
    "a rule for people",
    "leaderboard: { submission_rule: Add, columns: [] }",
    /expected Force_Last or Force_Best, found "Add"/,
  ],
])("%s", (_what, text, message) => {
  expect(() => parse(text)).toThrow(message);
});

it("a name that steers a terminal does not", () => {
  expect(() => parse('students: { "\\e[2J": {} }')).toThrow(/found "\\u\{1b\}\[2J"/);
});
