import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import type { TableOutput } from "../assignment/index.ts";
import { output } from "../assignment/output.ts";
import { checkTable, hasErrors } from "./index.ts";

const wanted = output.parse({ kind: "csv" }) as TableOutput;
const names = ["a.png", "b.png", "c.png"];

test("labels in the order of the names", async () => {
  const { findings, labels } = await check("image_name,label\nc.png,3\na.png,1\nb.png,2\n");
  expect(findings).toEqual([]);
  expect([...labels]).toEqual([1, 2, 3]);
});

test("a byte order mark, CRLF, quotes and further columns are fine", async () => {
  const text = '\ufeffimage_name,label,extra\r\n"a.png",1,x\r\nb.png, 2,\r\n\r\nc.png,3,y\r\n';
  const { findings, labels } = await check(text);
  expect(findings).toEqual([]);
  expect([...labels]).toEqual([1, 2, 3]);
});

test("missing and surplus rows are named, and the missing ones have no label", async () => {
  const { findings, labels } = await check("image_name,label\na.png,1\nz.png,2\n");
  expect(findings).toMatchObject([
    { code: "missing-row", severity: "warning", files: ["b.png", "c.png"], total: 2 },
    { code: "extra-row", severity: "warning", files: ["z.png"], total: 1 },
  ]);
  expect([...labels]).toEqual([1, -1, -1]);
});

test("of two rows for one image the first counts", async () => {
  const { findings, labels } = await check("image_name,label\na.png,1\na.png,2\nb.png,0\nc.png,0\n");
  expect(findings).toMatchObject([{ code: "duplicate-row", severity: "warning", files: ["line 3"] }]);
  expect(labels[0]).toBe(1);
});

test.each(["NaN", "3.0", "-1", "10", "", "3e0", "0x3", "seven", "99999999999999999999"])(
  "the label %j counts as wrong",
  async (label) => {
    const { findings, labels } = await check(`image_name,label\na.png,${label}\nb.png,2\nc.png,3\n`);
    expect(findings).toMatchObject([{ code: "bad-label", severity: "warning", files: ["line 2"], total: 1 }]);
    expect([...labels]).toEqual([-1, 2, 3]);
  },
);

test.each([
  ["", "an empty table"],
  ["\n\n", "an empty table"],
  ["a.png,1\nb.png,2\nc.png,3\n", 'found "a.png,1" (line 1)'],
  ["filename,label\na.png,1\n", 'found "filename,label"'],
  ["image_name,label\n", "found no rows"],
  ["image_name,label\nval/a.png,1\n", 'rows such as "val/a.png"'],
])("%j is of no use", async (text, found) => {
  const { findings, labels } = await check(text);
  expect(findings).toMatchObject([{ code: "table", severity: "error", total: 1 }]);
  expect(findings[0]!.message).toContain(found);
  expect([...labels]).toEqual([-1, -1, -1]);
});

test("bytes that are no text", async () => {
  const { findings } = await check(Buffer.from([0x69, 0xff, 0xfe, 0x00]));
  expect(findings[0]!.message).toContain("UTF-8");
});

test("a table that is far too large is not read", async () => {
  const { findings } = await check(`image_name,label\n${"a.png,1\n".repeat(200_000)}`);
  expect(findings).toMatchObject([{ code: "table", severity: "error" }]);
  expect(findings[0]!.message).toContain("at most");
});

test("a table that is missing, a folder or a link", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "folder"));
  writeFileSync(join(folder, "labels.csv"), "image_name,label\na.png,1\n");
  symlinkSync("labels.csv", join(folder, "link"));
  for (const name of ["missing", "folder", "link"]) {
    const { findings } = await checkTable(join(folder, name), wanted, names);
    expect(findings, name).toMatchObject([{ code: "output", severity: "error" }]);
  }
});

test("whatever the table is, there is a label or -1 for each image, and no exception", async () => {
  const row = fc.oneof(
    fc.constantFrom("a.png,1", "b.png,2", "c.png,12", "image_name,label", '"', "a.png", ",,,", "\0"),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 8 }), async (rows) => {
      const { findings, labels } = await check(["image_name,label", ...rows].join("\n"));
      expect(labels).toHaveLength(3);
      expect([...labels].every((label) => label >= -1 && label < 10)).toBe(true);
      if ([...labels].every((label) => label >= 0)) expect(hasErrors(findings)).toBe(false);
    }),
    { numRuns: 50 },
  );
});

function check(content: string | Uint8Array) {
  const path = join(temporaryFolder(), "labels.csv");
  writeFileSync(path, content);
  return checkTable(path, wanted, names);
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-table-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
