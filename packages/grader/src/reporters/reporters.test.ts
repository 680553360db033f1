import { describe, expect, it } from "vitest";
import { grading, homework, outcome, result } from "../../test/example-grading.ts";
import { renderCsv } from "./csv.ts";
import { githubAnnotations } from "./github.ts";
import { reporters } from "./reporters.ts";
import { renderTerminal } from "./terminal.ts";

it.each([
  ["terminal", "txt"],
  ["markdown", "md"],
  ["csv", "csv"],
  ["junit", "xml"],
  ["github", "github.md"],
] as const)("%s of the homework, as it was looked at and found good", async (format, ending) => {
  await expect(reporters[format](homework)).toMatchFileSnapshot(`snapshots/homework.${ending}`);
});

describe.each(Object.entries(reporters))("%s", (format, render) => {
  it("a grading of nothing", () => {
    expect(render(grading([])).length).toBeGreaterThan(0);
  });

  it("stays small whatever was printed and named", () => {
    const flood = "\u0001".repeat(1e6);
    const finding = {
      code: "name",
      severity: "error",
      message: flood,
      files: Array(20).fill(flood),
      total: 1e6,
    } as const;
    const files = [...finding.files];
    const run = outcome({ stdout: flood, stderr: `${flood}\n`.repeat(3) });
    const failed = result({ status: "failed", run, reasons: [flood], findings: [{ ...finding, files }] });
    // GitHub takes 1 MiB for a step's summary. JSON holds everything.
    if (format !== "json") expect(render(grading([failed])).length).toBeLessThan(100_000);
  });
});

it("colours only where they are asked for, and without them the same text", () => {
  const plain = renderTerminal(homework);
  expect(plain).not.toContain("\u001b");
  const colourful = renderTerminal(homework, { colour: true });
  expect(colourful).toContain("\u001b[2mDCGAN: report");
  expect(colourful.replaceAll("\u001b", "").replaceAll(/\[\d+m/g, "")).toBe(plain);
});

it("JSON is the grading, in one order", () => {
  const { schema, ...rest } = JSON.parse(reporters.json(homework));
  expect(schema).toBe("touchstone-grading/1");
  expect(rest).toEqual(homework);
  const turned = Object.fromEntries(Object.entries(homework).reverse()) as unknown as typeof homework;
  expect(reporters.json(turned)).toBe(reporters.json(homework));
});

it("CSV of a class has one header", () => {
  const lines = renderCsv([homework, grading([result()], "b09901001")]).split("\r\n");
  expect(lines.filter((line) => line.startsWith("assignment,"))).toHaveLength(1);
  expect(lines.at(-2)).toBe("hw2,b09901001,p1,DCGAN,,graded,points,0,,,0,,,,,");
});

it("annotations: red for the submission's fault, yellow for ours", () => {
  const failed = result({ status: "failed", reasons: ["Over the limit: 600 s, 100% of it"] });
  const ours = result({ status: "not-gradable", reasons: ["No disk."] });
  expect(githubAnnotations(grading([failed, ours, result()]))).toEqual([
    "::error title=p1%2C DCGAN::failed: Over the limit: 600 s, 100%25 of it",
    "::warning title=p1%2C DCGAN::could not be graded, which is not the submission's fault: No disk.",
  ]);
});

describe("Gradescope", () => {
  const json = JSON.parse(reporters.gradescope(homework));

  /** https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format */
  it("has only fields and values that its documentation names", () => {
    const visibilities = ["hidden", "after_due_date", "after_published", "visible"];
    const fields =
      "score execution_time output output_format test_output_format test_name_format visibility stdout_visibility tests";
    expect(Object.keys(json)).toEqual(fields.split(" "));
    expect(visibilities).toContain(json.visibility);
    expect(visibilities).toContain(json.stdout_visibility);
    expect(Number.isInteger(json.execution_time)).toBe(true);
    for (const test of json.tests) {
      for (const key of Object.keys(test))
        expect("score max_score status name output visibility".split(" ")).toContain(key);
      expect(["passed", "failed", undefined]).toContain(test.status);
      expect(visibilities).toContain(test.visibility);
    }
  });

  it("scores are the grading's", () => {
    expect(json.score).toBe(8.5);
    const scores = json.tests.map(({ score = 0, max_score = 0 }) => [score, max_score]);
    expect(scores.reduce(([a, b]: number[], [c, d]: number[]) => [a! + c!, b! + d!])).toEqual([8.5, 11]);
    expect(json.tests[1]).toEqual({
      name: "p1, DCGAN: FID below 30 (simple baseline)",
      score: 2.5,
      max_score: 2.5,
      status: "passed",
      output: "2.5 * (fid < 30), fid = 27.64",
      visibility: "visible",
    });
  });

  it("what could not be graded neither passes nor fails", () => {
    const undecided = { label: "FID", earned: 0, possible: 5, because: "", undecided: "No weights." };
    const ours = result({
      status: "not-gradable",
      reasons: ["No weights."],
      metrics: [],
      points: [undecided],
    });
    const { tests, output } = JSON.parse(reporters.gradescope(grading([ours])));
    expect(output).toContain("its points are not lost");
    for (const test of tests) expect(test).not.toHaveProperty("status");
    expect(tests[1]).toEqual({
      name: "p1, DCGAN: FID",
      output: "undecided: No weights.",
      visibility: "visible",
    });
  });
});
