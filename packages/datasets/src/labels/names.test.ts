/** Labels in file names. */

import { expect, it } from "vitest";
import { labelsFromNames } from "./names.ts";
import { UNLABELED } from "./unlabeled.ts";

it("takes the digits before the underscore, folders left aside", () => {
  const { labels, problems } = labelsFromNames(["3_017.png", "0_1.png", "7_x/9_100.png", "09_1.png"], 10);
  expect(labels).toEqual(Int32Array.of(3, 0, 9, 9));
  expect(problems).toEqual([]);
});

it("names what has no label or a wrong one", () => {
  const { labels, problems } = labelsFromNames(
    ["10_1.png", "a_1.png", "5.png", "3_1.png", "1/x.png", `${"9".repeat(40)}_1.png`],
    10,
  );
  expect(labels).toEqual(Int32Array.of(UNLABELED, UNLABELED, UNLABELED, 3, UNLABELED, UNLABELED));
  expect(problems.map(({ file, kind }) => [file, kind])).toEqual([
    ["10_1.png", "bad-label"],
    ["a_1.png", "no-label"],
    ["5.png", "no-label"],
    ["1/x.png", "no-label"],
    [`${"9".repeat(40)}_1.png`, "bad-label"],
  ]);
  expect(problems[0]!.message).toBe("expected a label from 0 to 9 in the name, found 10");
});

it("takes another rule", () => {
  expect(labelsFromNames(["x-2.png"], 3, /-(\d)\./).labels).toEqual(Int32Array.of(2));
});

it("the number of classes must be one", () => {
  expect(() => labelsFromNames([], 2.5)).toThrow("Option classes: expected a positive integer, found 2.5.");
});
