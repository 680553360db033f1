import { describe, expect, it } from "vitest";
import { folderOf } from "../../test/small-class.ts";
import { parseRoster, readRoster } from "./parse-roster.ts";

const HEADER = "student_id,last_name,first_name,email";
const parse = (text: string) => parseRoster(text, "class.csv");

it("reads what spreadsheets write: a byte order mark, CRLF, quotes, empty lines, other columns in another order", () => {
  const text = `\ufeffemail,student_id,first_name,last_name,Section,days_late,excused\r\n\r\n"a@x.org",b01,"Ada ""the first""","Love, lace",A 1,2,\r\n,b02,,,,,"p1 p3"\r\n\r\n`;
  expect(parse(text)).toEqual([
    {
      ...{ id: "b01", lastName: "Love, lace", firstName: 'Ada "the first"', email: "a@x.org" },
      daysLate: 2,
      extra: { Section: "A 1" },
      line: 3,
    },
    {
      ...{ id: "b02", lastName: "", firstName: "", email: "" },
      excused: ["p1", "p3"],
      extra: { Section: "" },
      line: 4,
    },
  ]);
});

it("keeps names of every script, and ids that are names", () => {
  const [student] = parse(`${HEADER}\n李-小明,李,小明,\n`);
  expect(student).toMatchObject({ id: "李-小明", firstName: "小明" });
});

it("a quoted field may have lines of its own; the next row's number counts them", () => {
  expect(() => parse(`${HEADER}\nb01,"a\nb",c,\n,x,y,z\n`)).toThrow(
    "class.csv:4: expected a student_id, found none",
  );
});

it("a thousand students are read in their order", () => {
  const rows = Array.from({ length: 1000 }, (_, i) => `s${i},Last${i},First${i},s${i}@x.org`);
  expect(parse([HEADER, ...rows].join("\n")).map(({ id }) => id)).toEqual(rows.map((_, i) => `s${i}`));
});

describe("errors name the line", () => {
  it.each<[string, string, RegExp]>([
    ["an empty file", "", /:1: expected a header with student_id, .* found an empty file/],
    ["no rows", `${HEADER}\n`, /:2: expected a row for each student, found none/],
    ["missing columns", "student_id,name\nb01,x\n", /:1: expected .* without last_name, first_name, email/],
    ["an empty id", `${HEADER}\n,a,b,c\n`, /:2: expected a student_id, found none/],
    ["the same id", `${HEADER}\nb01,,,\nb02,,,\nb01,,,\n`, /:4: .* found "b01", which line 2 has/],
    [
      "an id in another case",
      `${HEADER}\nb01,,,\nB01,,,\n`,
      /:3: .* found "B01" beside "b01", which differs in case/,
    ],
    ["an id with other accents", `${HEADER}\n\u00e9,,,\ne\u0301,,,\n`, /:3: .* differs in case or accents/],
    ["a path", `${HEADER}\n../../etc,,,\n`, /:2: expected a student_id of 1 to 128 printable letters/],
    ["the folder itself", `${HEADER}\n..,,,\n`, /:2: expected a student_id of/],
    ["control characters", `${HEADER}\n"a\u001b[2J",,,\n`, /:2: .* found "a\\u\{1b\}\[2J"/],
    ["our own models", `${HEADER}\nbuiltin,,,\n`, /:2: expected another student_id than "builtin"/],
    [
      "late days",
      `${HEADER},days_late\nb01,,,,soon\n`,
      /:2: expected a whole number of days_late, .* "soon"/,
    ],
    ["an open quote", `${HEADER}\n"b01,,,\n`, /class.csv:\d+: expected CSV, found/],
  ])("%s", (_what, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it("all at once", () => {
    expect(() => parse(`${HEADER}\n,x,,\nb01,,,\nb01,,,\n`)).toThrow(/:2: .*\n.*:4: /);
  });
});

it("files that are none, or no text, are named", async () => {
  const folder = folderOf({ "class.csv": "" });
  await expect(readRoster(`${folder}/none.csv`)).rejects.toThrow(
    /none.csv: expected a class list in CSV, found nothing/,
  );
  await expect(readRoster(folder)).rejects.toThrow(/found something that is no file/);
});
