import { expect, it } from "vitest";
import { bytes, duration, percent, table, threeDigits } from "./index.ts";

it("aligns, prints dashes for what is missing, and escapes control characters", () => {
  const columns = [
    { title: "file", cell: (row: [string, number?]) => row[0] },
    { title: "score", cell: (row: [string, number?]) => row[1]?.toFixed(1) },
  ];
  const rows: [string, number?][] = [["a.png", 12.25], ["漢字.png"], ["\u001b[31m.png", 1]];
  expect(table(columns, rows).split("\n")).toEqual([
    "file            score",
    "--------------  -----",
    "a.png            12.3",
    "漢字.png            -",
    "\\u{1b}[31m.png    1.0",
  ]);
});

it.each([
  [0.004, "0.0 s"],
  [9.94, "9.9 s"],
  [9.96, "10 s"],
  [59.96, "1 min 00 s"],
  [185, "3 min 05 s"],
  [7620, "2 h 07 min"],
  [Number.POSITIVE_INFINITY, "?"],
])("%d seconds are %s", (seconds, text) => expect(duration(seconds)).toBe(text));

it.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [2 ** 20 - 1, "1.0 MiB"],
  [2 ** 31, "2.0 GiB"],
])("%d bytes are %s", (count, text) => expect(bytes(count)).toBe(text));

it("shares and significant digits", () => {
  expect(percent(0.95138)).toBe("95.14 %");
  expect([0.6213, 6.213, 62.13, 621.3, -0.6213].map(threeDigits)).toEqual([
    "0.62",
    "6.21",
    "62.1",
    "621",
    "-0.62",
  ]);
});
