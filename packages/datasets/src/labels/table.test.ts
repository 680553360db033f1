/** Tables as people write them: what is wrong is reported with its line, all at once. */

import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { folderOf, temporaryFolder } from "../../test/image-files.ts";
import { type LabelTable, parseLabelTable, readLabelTable } from "./table.ts";

const parse = (text: string, classes = 10) => parseLabelTable(text, "labels.csv", { classes });
const labelsOf = ({ labels }: LabelTable) =>
  Object.fromEntries([...labels].map(([name, { label }]) => [name, label]));
const problemsOf = ({ problems }: LabelTable) => problems.map(({ line, kind }) => [line, kind]);

describe("tables that are in order", () => {
  it.each([
    ["plain", "image_name,label\na.png,1\nb.png,2\n"],
    ["byte order mark, CRLF, no last line end", "\ufeffimage_name,label\r\na.png,1\r\nb.png,2"],
    ["old Mac line ends", "image_name,label\ra.png,1\rb.png,2\r"],
    ["quotes and spaces", '"image_name" , label\n"a.png", "1"\nb.png , 02\n'],
    ["empty lines", "\n\nimage_name,label\n\na.png,1\n   \nb.png,2\n\n"],
    ["more columns, in another order", "id,label,score,image_name\n7,1,.5,a.png\n8,2,.7,b.png\n"],
  ])("%s", (_, text) => {
    const table = parse(text);
    expect(table.problems).toEqual([]);
    expect(labelsOf(table)).toEqual({ "a.png": 1, "b.png": 2 });
  });

  it("names with commas, quotes and line ends; lines are those of the file", () => {
    const table = parse('image_name,label\n"a,""b"".png",1\n"two\nlines.png",2\nc.png,3\n');
    expect([...table.labels]).toEqual([
      ['a,"b".png', { label: 1, line: 2 }],
      ["two\nlines.png", { label: 2, line: 4 }],
      ["c.png", { label: 3, line: 5 }],
    ]);
  });

  it("any names survive", () => {
    const name = fc.string({ minLength: 1 }).filter((s) => s.trim() === s && !s.startsWith("\ufeff"));
    fc.assert(
      fc.property(fc.uniqueArray(name), fc.constantFrom("\n", "\r\n"), (names, end) => {
        const rows = names.map((name, i) => `"${name.replaceAll('"', '""')}",${i % 7}`);
        const table = parse(["image_name,label", ...rows, ""].join(end), 7);
        expect(table.problems).toEqual([]);
        expect([...table.labels].map(([name, { label }]) => [name, label])).toEqual(
          names.map((name, i) => [name, i % 7]),
        );
      }),
    );
  });

  it("columns by other names", () => {
    const options = { classes: 3, nameColumn: "file", labelColumn: "class" };
    expect(labelsOf(parseLabelTable("file,class\na.png,2\n", "x.csv", options))).toEqual({ "a.png": 2 });
  });
});

describe("tables that are not", () => {
  it.each([
    ["empty", "", "found an empty table"],
    ["blank", "\n\n", "found an empty table"],
    ["a missing column", "image_name,class\na.png,1\n", 'found "image_name,class"'],
    ["semicolons", "image_name;label\na.png;1\n", 'found "image_name;label"'],
    ["no header", "a.png,1\nb.png,2\n", 'found "a.png,1"'],
  ])("%s", (_, text, found) => {
    const table = parse(text);
    expect(table.labels.size).toBe(0);
    expect(table.problems).toEqual([
      {
        file: "labels.csv",
        kind: "bad-table",
        line: expect.any(Number),
        message: `expected a header with image_name and label, ${found}`,
      },
    ]);
  });

  it("every bad row, with its line", () => {
    const table = parse(
      [
        "image_name,label",
        "a.png,10",
        "b.png,-1",
        "c.png,3.0",
        "d.png,three",
        "e.png,",
        "f.png",
        ",4",
        "g.png,5",
        "g.png,6",
        'h"x.png,7',
        "i.png,1e0",
        "j.png,99999999999999999999",
        '"never closed,1',
        "k.png,1",
      ].join("\n"),
    );
    expect(problemsOf(table)).toEqual([
      [2, "bad-label"],
      [3, "bad-label"],
      [4, "bad-label"],
      [5, "bad-label"],
      [6, "bad-label"],
      [7, "bad-label"],
      [8, "bad-table"],
      [10, "duplicate-label"],
      [11, "bad-table"],
      [12, "bad-label"],
      [13, "bad-label"],
      [15, "bad-table"],
    ]);
    expect(table.problems[0]!.message).toBe('expected an integer from 0 to 9, found "10"');
    expect(table.problems[7]!.message).toBe('expected one label for "g.png", found another after line 9');
    expect(table.labels.get("g.png")).toEqual({ label: 5, line: 9 });
  });

  it("any text is a table or has problems, never an exception", () => {
    const text = fc.string({ unit: fc.constantFrom(..."image_name,label\n\r\"0123 a;'\0\ufeff") });
    fc.assert(
      fc.property(text, fc.boolean(), (body, header) => {
        const table = parse((header ? "image_name,label\n" : "") + body);
        for (const { message } of table.problems) expect(message).toMatch(/^expected /);
      }),
    );
  });

  it("messages do not steer the terminal", () => {
    expect(parse("image_name,label\na.png,\u001b[2J\n").problems[0]!.message).toContain('"\\u{1b}[2J"');
  });

  it("the number of classes must be one", () => {
    expect(() => parse("image_name,label\n", 0)).toThrow(
      "Option classes: expected a positive integer, found 0.",
    );
  });
});

describe("readLabelTable", () => {
  it("reads UTF-8 and names what is not", async () => {
    const folder = folderOf({
      "utf8.csv": "image_name,label\né.png,1\n",
      "utf16.csv": Buffer.from("\ufeffimage_name,label\na.png,1\n", "utf16le"),
    });
    expect(labelsOf(await readLabelTable(join(folder, "utf8.csv"), { classes: 2 }))).toEqual({ "é.png": 1 });
    const other = await readLabelTable(join(folder, "utf16.csv"), { classes: 2 });
    expect(other.problems).toMatchObject([{ kind: "bad-table", message: expect.stringContaining("UTF-8") }]);
  });

  it("a file that is missing, or is a folder", async () => {
    const folder = temporaryFolder();
    await expect(readLabelTable(join(folder, "none.csv"), { classes: 2 })).rejects.toThrow(
      /none\.csv: expected .+ENOENT/,
    );
    await expect(readLabelTable(folder, { classes: 2 })).rejects.toMatchObject({
      problem: { kind: "not-a-file" },
    });
  });
});
