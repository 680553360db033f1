import { expect, it } from "vitest";
import { grading, homework, metric, outcome, result } from "../../test/example-grading.ts";
import type { Table } from "./table.ts";
import { tables } from "./tables.ts";

const texts = ({ rows }: Table) => rows.map(({ cells }) => cells.map((cell) => cell?.text));
const titles = ({ columns }: Table) => columns.map(({ title }) => title);

it("rows are runs and columns metrics, with figures of others where they belong", () => {
  const [p1] = tables(homework);
  expect(titles(p1!)).toEqual(["run", "FID-2048", "KID", "face rate", "seconds", "points"]);
  expect(texts(p1!).map((row) => row.slice(0, 2))).toEqual([
    ["DCGAN", "27.64 [26.90, 28.40]"],
    ["DCGAN: report", "27.70"],
    ["DCGAN: best published", "22.97"],
    ["WGAN-GP", "104.2 [102.1, 106.0]"],
    // The same for both: once, at the end.
    ["simple baseline", "30.00"],
    ["strong baseline", "27.00"],
  ]);
  expect(texts(p1!)[0]!.slice(4)).toEqual(["421 of 600", "2.5 / 5"]);
});

it("what people grade is listed, of a submission", () => {
  const byHand = [{ item: "Both architectures" }, { item: "32 images", points: 2.5 }];
  const own = grading([result({ byHand }), result({ byHand, variant: "WGAN-GP" })]);
  const points = { earned: 0, possible: 5, open: 0, deductions: [], given: {} };
  const last = tables({ ...own, points }).at(-1)!;
  expect(last.title).toBe("In the report, by hand");
  expect(texts(last)).toEqual([
    ["p1", "Both architectures", undefined],
    ["p1", "32 images", "2.5"],
  ]);
  const { points: _, ...builtin } = own;
  expect(tables(builtin).map(({ title }) => title)).not.toContain(last.title);
});

it("a second axis makes columns of the first metric", () => {
  const [, pivot, runs] = tables(homework);
  expect(pivot!.title).toBe("p3: Domain adaptation, accuracy");
  expect(titles(pivot!)).toEqual(["run", "SVHN", "USPS", "points"]);
  expect(texts(pivot!)[2]).toEqual([
    "DANN",
    "44.12 % [43.12 %, 45.12 %]",
    "77.02 % [76.02 %, 78.02 %]",
    "6 / 6",
  ]);
  expect(texts(pivot!)[3]).toEqual(["DANN: report", "43.60 %", "76.41 %", undefined]);
  expect(texts(pivot!)[5]!.slice(0, 3)).toEqual([
    "target-trained",
    "91.01 % [90.01 %, 92.01 %]",
    "not gradable",
  ]);
  expect(titles(runs!)).toEqual(["run", "status", "seconds"]);
});

it("a protocol that a column shares stands at its title, others at their values", () => {
  const few = result({ variant: "few", metrics: [metric({ n: 10 })] });
  const problem = "No images.\n  details";
  const none = result({ variant: "none", metrics: [metric({ value: null, problem })] });
  const [shared] = tables(grading([result(), none]));
  expect(shared!.columns[1]!.note).toBe(1);
  expect(shared!.rows.map(({ cells }) => cells[1]!.note)).toEqual([undefined, 2]);
  expect(shared!.notes[1]).toBe("No images.");
  const [apart] = tables(grading([result(), few]));
  expect(apart!.columns[1]!.note).toBeUndefined();
  expect(apart!.rows.map(({ cells }) => cells[1]!.note)).toEqual([1, 2]);
  expect(apart!.notes[1]).toMatch(/^FID-2048: n = 10, extractor = inception, weights = 6726825d0af5, /);
});

it("runs of which nothing is known still have a row", () => {
  const failed = result({ status: "failed", metrics: [], run: outcome({ wallSeconds: 600 }) });
  expect(texts(tables(grading([failed]))[0]!)).toEqual([["DCGAN", "failed", "600"]]);
  const byTarget = { ...failed, column: "SVHN" };
  expect(texts(tables(grading([byTarget]))[0]!)).toEqual([["DCGAN", "failed"]]);
  expect(tables(grading([]))).toEqual([]);
});

it("every row has a cell for every column", () => {
  for (const { columns, rows } of tables(homework)) {
    for (const { cells } of rows) expect(cells).toHaveLength(columns.length);
  }
});
