import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FUNCTIONS, LONGEST_EXPRESSION, parseExpression } from "./expression.ts";

describe("what is let through", () => {
  test.each([
    ["20 * clamp((30 - fid) / 3, 0, 1)", { fid: 28.5 }, 10],
    ["2.5 * (fid < 27)", { fid: 26.9 }, 2.5],
    ["2.5 * (fid < 27)", { fid: 27 }, 0],
    ["fid <= strong", { fid: 27, strong: 27 }, true],
    ["fid < 30 and face_rate >= 0.85", { fid: 29, face_rate: 0.85 }, true],
    ["not (fid < 30) or fid == 3", { fid: 29 }, false],
    ["seconds <= limit / 2 ? 2 : 1", { seconds: 300, limit: 600 }, 2],
    ["0 < fid < 30", { fid: 31 }, false],
    ["-fid ^ 2", { fid: 3 }, -9],
    ["max(0, min(fid, 10), 2)", { fid: 7 }, 7],
    ["round(fid) + floor(fid) + ceil(fid)", { fid: 2.6 }, 8],
    ["sqrt(abs(fid)) + log(exp(2))", { fid: -9 }, 5],
    ["true", {}, true],
  ])("%s", (text, values, result) => {
    expect(parse(text).evaluate(values as unknown as Record<string, number>)).toBe(result);
  });

  test("names are known before anything is computed, each once, without those of functions", () => {
    expect(parse("clamp(fid, 0, fid_strong) + fid").names).toEqual(["fid", "fid_strong"]);
    // A name that is never reached counts too.
    expect(parse("true ? 1 : fid").names).toEqual(["fid"]);
  });

  test("what is not finite comes out as such", () => {
    expect(parse("1 / fid").evaluate({ fid: 0 })).toBe(Number.POSITIVE_INFINITY);
    expect(parse("sqrt(fid)").evaluate({ fid: -1 })).toBeNaN();
  });
});

describe("what is not", () => {
  test.each([
    'import("fs")',
    "import({a: 1})",
    'createUnit("x")',
    'evaluate("1")',
    'parse("1")',
    'simplify("1")',
    'derivative("x^2", "x")',
    "clamp",
    "fid * max",
    "fid = 3",
    "f(x) = x",
    "fid; 1",
    "fid\n1",
    "1:1000000000",
    "[1, 2, 3]",
    "[1, 2][1]",
    "{a: 1}.a",
    "fid.constructor",
    'fid["constructor"]',
    "cos.constructor(1)()",
    "(cos)(1)",
    '"text"',
    'concat("a", "b")',
    "170!",
    "fid'",
    "5 % 3",
    "~fid",
    "fid | 1",
    "1 << 30",
    "fid to cm",
    "5 cm",
    "2 fid",
    "fid (27)",
    "zeros(10000, 10000)",
    "ones(1e9)",
    "range(1, 1e9)",
    "random()",
    "factorial(1e9)",
    "constructor(1)",
    "toString()",
    "__proto__(1)",
    "clamp(1)",
    "abs()",
    "max()",
    "log(8, 2)",
    "NaN",
    "Infinity",
    "1e999",
    "null",
    "undefined",
    "",
    " ",
    "# remark",
    "1 +",
    "(1",
    "fid ?? 3",
  ])("%j", (text) => {
    expect(parseExpression(text)).toHaveProperty("problem", expect.stringMatching(/^expected .+, found /));
  });

  test("names that mathjs would give a meaning are names like any other", () => {
    for (const text of ["pi", "e", "i", "cm", "cos", "constructor"])
      expect(parse(text).names).toEqual([text]);
  });

  test("long and deep expressions are refused at once", () => {
    expect(parseExpression(`1${"+1".repeat(LONGEST_EXPRESSION)}`)).toHaveProperty("problem");
    const half = LONGEST_EXPRESSION / 2;
    for (const text of [
      "(".repeat(LONGEST_EXPRESSION),
      `${"(".repeat(half - 1)}1${")".repeat(half - 1)}`,
      "-".repeat(LONGEST_EXPRESSION),
      "abs(".repeat(100),
      "1^".repeat(half - 1),
      "1?".repeat(half - 1),
    ]) {
      const parsed = parseExpression(text);
      if (!("problem" in parsed)) expect(parsed.evaluate({})).toBeTypeOf("number");
    }
  });

  test("a metric cannot take the place of a function", () => {
    expect(parse("clamp(5, 0, 1)").evaluate({ clamp: 7 } as Record<string, number>)).toBe(1);
  });
});

test("whatever the text: refused, or a number or a truth value of its names alone", () => {
  const word = fc.constantFrom(
    ...[
      "fid",
      "1",
      "2.5",
      "(",
      ")",
      "+",
      "*",
      "/",
      "^",
      "<",
      "and",
      "not",
      "?",
      ":",
      ",",
      "[",
      "]",
      "=",
      ";",
      "!",
      ".",
    ],
    ...Object.keys(FUNCTIONS),
    "import",
    '"x"',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word, { maxLength: 20 }).map((words) => words.join(" ")),
      ),
      (text) => {
        const parsed = parseExpression(text);
        if ("problem" in parsed) return;
        const values = Object.fromEntries(parsed.names.map((name) => [name, 3]));
        expect(["number", "boolean"]).toContain(typeof parsed.evaluate(values));
      },
    ),
    { numRuns: 500 },
  );
});

function parse(text: string) {
  const parsed = parseExpression(text);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed;
}
