import fc from "fast-check";
import { expect, test } from "vitest";
import { checkCommand, fillCommand, parseCommand, placeholdersOf } from "./command.ts";
import { MissingPlaceholderError } from "./errors.ts";

test.each([
  ["bash a.sh {out}", ["bash", "a.sh", "{out}"]],
  ["  python3   main.py  ", ["python3", "main.py"]],
  [`run --name "a b" '' c'd e'f`, ["run", "--name", "a b", "", "cd ef"]],
  ["run '$HOME' '{out}/x'", ["run", "$HOME", "{out}/x"]],
  ["run --out={out}", ["run", "--out={out}"]],
])("%s", (line, words) => {
  expect(parseCommand(line)).toEqual({ words });
});

test.each([
  ["a > b", '">"'],
  ["a; rm -rf /", '";"'],
  ["a && b", '"&"'],
  ["a | b", '"|"'],
  ["a $(b)", '"$"'],
  ["a `b`", '"`"'],
  ["a \\ b", '"\\"'],
  ["a *.png", '"*"'],
  ['a "$HOME"', "quotation mark"],
  ["a 'b", "quotation mark"],
  ["", "found none"],
  ["'' a", "found none"],
  ["{out} a", "found {out}"],
  ["a {nothing}", "found {nothing}"],
  ["a {}", "found {}"],
  ["a {constructor}", "found {constructor}"],
])("%j is refused", (line, found) => {
  expect(parseCommand(line)).toHaveProperty("problem", expect.stringContaining(found));
});

test("words of a list may be anything but a NUL", () => {
  expect(checkCommand(["sh", "-c", "a > {out}; b"])).toHaveProperty("words");
  expect(checkCommand(["a\0"])).toHaveProperty("problem");
  expect(checkCommand([])).toHaveProperty("problem");
});

test("a value stays within its argument, and is not filled in again", () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("$&", "$1", "{csv}", "a b", "'; rm -rf /"), (text, special) => {
      const value = text + special;
      expect(fillCommand(["run", "{out}", "x{out}/{out}"], { out: value })).toEqual([
        "run",
        value,
        `x${value}/${value}`,
      ]);
    }),
  );
});

test("a placeholder without a value is our mistake", () => {
  expect(() => fillCommand(["run", "{images}"], { out: "x" })).toThrow(MissingPlaceholderError);
  expect(placeholdersOf(["run", "{out}/{csv}", "{out}"])).toEqual(["out", "csv"]);
});
