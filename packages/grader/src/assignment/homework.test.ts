import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { AssignmentFileError, publishedFigures, readAssignment } from "./index.ts";

const FILE = fileURLToPath(new URL("../../../../assignments/dlcv-hw2.yaml", import.meta.url));
const assignment = await readAssignment(FILE);
const [p1, p2, p3] = assignment.problems as [
  (typeof assignment.problems)[0],
  (typeof assignment.problems)[0],
  (typeof assignment.problems)[0],
];

test("limits and outputs are the homework's", () => {
  expect(assignment.problems.map(({ id, limits }) => [id, limits.wallSeconds / 60])).toEqual([
    ["p1", 10],
    ["p2", 15],
    ["p3", 10],
  ]);
  expect(p1.output).toMatchObject({ count: 1000, size: { width: 64, height: 64 }, format: "png" });
  expect(p2.output).toMatchObject({ count: 1000, size: { width: 28, height: 28 }, colour: "rgb" });
  expect(p3.output).toMatchObject({ nameColumn: "image_name", labelColumn: "label", classes: 10 });
});

test("points and baselines are the homework's", () => {
  const possible = assignment.problems.map(({ columns }) =>
    columns.flatMap(({ rubric }) => rubric.map(({ points }) => points)),
  );
  expect(possible).toEqual([
    [2.5, 2.5, 2.5, 2.5, 5, 5],
    [10, 5],
    [3, 3],
  ]);
  const earned = (line: (typeof p1.columns)[0]["rubric"][0] | undefined, values: Record<string, number>) =>
    line!.earned.evaluate({ fid_simple: 30, fid_strong: 27, ...values });
  const [simple, strong] = p1.columns[0]!.rubric;
  expect([30.01, 30, 27.01, 27].map((fid) => [earned(simple, { fid }), earned(strong, { fid })])).toEqual([
    [false, false],
    [true, false],
    [true, false],
    [true, true],
  ]);
  expect(p3.columns.map(({ metrics }) => metrics[0]!.baselines)).toEqual([{ dann: 0.4 }, { dann: 0.76 }]);
  expect(assignment.late).toEqual({ freeDays: 3, perDay: 0.3 });
  expect(assignment.penalties.codeFix!.share).toBe(0.3);
});

test("every model of this repository has a row, and T = 500 on request", () => {
  expect(assignment.problems.map(({ variants }) => variants.map(({ name }) => name))).toEqual([
    ["DCGAN", "WGAN-GP"],
    ["diffusion", "T = 500"],
    ["source-only", "source-only + augmentation", "DANN", "target-trained"],
  ]);
  expect(p2.variants.map(({ onRequest }) => onRequest)).toEqual([false, true]);
});

test("published figures stand beside the cells that they belong to", () => {
  expect(publishedFigures(p1, "fid", { variant: "DCGAN" })).toEqual({
    report: 27.7,
    "best published": 22.97,
  });
  expect(publishedFigures(p1, "fid", { variant: "submission" })).toEqual({ "best published": 22.97 });
  expect(publishedFigures(p3, "accuracy", { variant: "DANN", column: "usps" })).toEqual({
    report: 0.7641,
    "best published": 0.9241,
  });
  expect(publishedFigures(p3, "toString", { variant: "DANN", column: "usps" })).toEqual({});
});

test("a file that is missing, a folder, or too large", async () => {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-assignment-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const large = join(folder, "large.yaml");
  writeFileSync(large, Buffer.alloc(2 ** 20 + 1));
  const expected = {
    [join(folder, "none.yaml")]: "nothing there",
    [folder]: "no file",
    [large]: "more than",
  };
  for (const [file, found] of Object.entries(expected)) {
    const error = await readAssignment(file).catch((error) => error);
    expect(error).toBeInstanceOf(AssignmentFileError);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining(found) });
  }
});
