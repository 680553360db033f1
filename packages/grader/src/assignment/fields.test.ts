import { expect, test } from "vitest";
import { parseNameTemplate } from "./name-template.ts";
import { nearest } from "./nearest.ts";
import { parseBytes, parseDuration, parseShare, parseSize } from "./quantities.ts";

test.each([
  [parseDuration, "10 min", 600],
  [parseDuration, "1.5h", 5400],
  [parseDuration, "250 ms", 0.25],
  [parseDuration, "10", undefined],
  [parseDuration, "0 s", undefined],
  [parseDuration, "-1 s", undefined],
  [parseDuration, "1e3 s", undefined],
  [parseDuration, "10 constructor", undefined],
  [parseBytes, "4 GiB", 4 * 2 ** 30],
  [parseBytes, "1.5 MB", 1_500_000],
  [parseBytes, "0.1 B", undefined],
  [parseBytes, "9999999999 TiB", undefined],
  [parseShare, "30 %", 0.3],
  [parseShare, "0.3", 0.3],
  [parseShare, "100%", 1],
  [parseShare, "1.1", undefined],
])("%o of %j", (parse, text, value) => {
  expect((parse as (text: string) => unknown)(text)).toBe(value);
});

test("width by height", () => {
  expect(parseSize("64x48")).toEqual({ width: 64, height: 48 });
  for (const text of ["64", "0x1", "99999x1", "64x64x3", "ax b"]) expect(parseSize(text)).toBeUndefined();
});

test("names of a template, class by class", () => {
  const template = parseNameTemplate("{class:0-9}_{index:001-100}.png");
  if ("problem" in template) throw new Error(template.problem);
  expect(template.names).toHaveLength(1000);
  expect([template.names[0], template.names[99], template.names[999]]).toEqual([
    "0_001.png",
    "0_100.png",
    "9_100.png",
  ]);
  const classes = [
    "3_017.png",
    "3_17.png",
    "3_9999.png",
    "10_001.png",
    "3_017.PNG",
    "x3_017.png",
    "3_017xpng",
  ];
  expect(classes.map((name) => template.classOf(name))).toEqual([3, 3, 3, ...Array(4).fill(undefined)]);
  expect(template.names.every((name) => template.classOf(name) === Number(name[0]))).toBe(true);
});

test("names without classes", () => {
  const template = parseNameTemplate("out (+){index:0-2}.png");
  expect(template).toMatchObject({ perClass: 3, names: ["out (+)0.png", "out (+)1.png", "out (+)2.png"] });
  expect(template).not.toHaveProperty("classes");
});

test("what was probably meant", () => {
  const known = ["count", "size", "format", "names"];
  expect(["cuont", "counts", "FORMAT", "nmaes"].map((word) => nearest(word, known))).toEqual([
    "count",
    "count",
    "format",
    "names",
  ]);
  for (const word of ["x", "", "colour", "c".repeat(1e6)]) expect(nearest(word, known)).toBeUndefined();
});
