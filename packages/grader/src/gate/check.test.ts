import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evil, grading, homework, metric, result } from "../../test/example-grading.ts";
import type { Grading } from "../results/results.ts";
import { parseBaseline } from "./baseline.ts";
import { check, gateExitCode } from "./check.ts";
import {
  gateAnnotations,
  renderGateJson,
  renderGateJUnit,
  renderGateMarkdown,
  renderGateTerminal,
} from "./report.ts";
import { baselineOf, updatedBaseline } from "./update.ts";

const good = grading(homework.results.filter(({ status }) => status === "graded"));
const baseline = parseBaseline(updatedBaseline(undefined, "baseline.yaml", good), "baseline.yaml");

/** The models trade places: what is called DCGAN is WGAN-GP, which the report itself found far worse. */
const worse = grading(
  good.results.map((one) =>
    one.variant === "DCGAN"
      ? { ...one, metrics: good.results.find(({ variant }) => variant === "WGAN-GP")!.metrics }
      : one,
  ),
);

describe("exit codes", () => {
  it("0: the same again", () => {
    const report = check(baseline, good);
    expect(report.lines.map(({ verdict }) => verdict)).toEqual(Array(11).fill("ok"));
    expect(gateExitCode(report)).toBe(0);
  });

  it("1: a worse model", () => {
    const report = check(baseline, worse);
    const failing = report.lines.filter(({ fails }) => fails);
    expect(failing.map(({ entry, verdict }) => [entry.variant, entry.metric, verdict])).toEqual([
      ["DCGAN", "fid", "regressed"],
      ["DCGAN", "kid", "regressed"],
      ["DCGAN", "face_rate", "regressed"],
    ]);
    expect(gateExitCode(report)).toBe(1);
  });

  it("3: a submission failed; 4: something could not be graded, whatever else happened", () => {
    const failed = result({ status: "failed", metrics: [], reasons: ["Over the limit."] });
    const ours = result({ problem: "p2", status: "not-gradable", metrics: [], reasons: ["No weights."] });
    const report = check(baseline, grading([failed]));
    expect(gateExitCode(report)).toBe(3);
    expect(report.lines[0]).toMatchObject({ verdict: "missing", because: "The run failed." });
    expect(gateExitCode(check(baseline, grading([failed, ours])))).toBe(4);
  });
});

const held = (overrides: object = {}) => ({
  ...baseline,
  metrics: [{ ...baselineOf(grading([result()]))[0]!, ...overrides }],
});

it("a metric or a run that is missing fails", () => {
  for (const incomplete of [
    grading([]),
    grading([result({ metrics: [] })]),
    grading([result({ column: "SVHN" })]),
  ]) {
    const report = check(held(), incomplete);
    expect(report.lines[0]!.verdict).toBe("missing");
    expect(gateExitCode(report)).toBe(1);
  }
});

it("levels: warn is said and does not fail, off is not looked at", () => {
  const bad = grading([result({ metrics: [metric({ value: null, problem: "No images." })] })]);
  const warned = check(held({ level: "warn" }), bad);
  expect(warned.lines[0]).toMatchObject({ verdict: "nan", because: "No images.", fails: false });
  expect(gateAnnotations(warned)).toEqual(["::warning title=p1%2C DCGAN%3A fid::nan: No images."]);
  expect(check(held({ level: "off" }), bad).lines[0]).toMatchObject({ verdict: "off", fails: false });
});

it("says which metrics it does not hold", () => {
  expect(check(held(), good).unlisted).toHaveLength(10);
});

it("the order of results and entries does not matter", () => {
  const byName = (one: Grading, entries: typeof baseline.metrics) =>
    check({ ...baseline, metrics: entries }, one)
      .lines.map(({ entry, verdict, because }) => JSON.stringify([entry, verdict, because]))
      .sort();
  const shuffled = <T>(values: T[]) => fc.shuffledSubarray(values, { minLength: values.length });
  fc.assert(
    fc.property(shuffled(worse.results), shuffled(baseline.metrics), (results, entries) => {
      expect(byName(grading(results), entries)).toEqual(byName(worse, baseline.metrics));
    }),
    { numRuns: 30 },
  );
});

describe("reports", () => {
  const report = check(baseline, worse);

  it.each([
    ["txt", renderGateTerminal(report)],
    ["md", renderGateMarkdown(report)],
    ["xml", renderGateJUnit(report)],
  ])("%s, as it was looked at and found good", async (ending, text) => {
    await expect(text).toMatchFileSnapshot(`snapshots/worse.${ending}`);
  });

  it("JSON has the exit code", () => {
    expect(JSON.parse(renderGateJson(report))).toMatchObject({ schema: "touchstone-gate/1", exitCode: 1 });
  });

  it("colours: red fails", () => {
    expect(renderGateTerminal(report, { colour: true })).toContain("\u001b[31mp1, DCGAN: fid");
  });

  const python = process.env.PYTHON ?? "python3";
  const hasPython = spawnSync(python, ["-c", "import xml.etree"]).status === 0;
  it.skipIf(!hasPython)(
    "hostile names stay names, for a strict XML parser too (skipped without Python)",
    () => {
      const bad = grading([
        result({ variant: evil, status: "failed", reasons: [evil], metrics: [metric({ name: evil })] }),
      ]);
      const found = check(held({ variant: evil }), bad);
      const [terminal, markdown, junit] = [renderGateTerminal, renderGateMarkdown, renderGateJUnit].map((f) =>
        f(found),
      );
      for (const text of [terminal, markdown, junit]) {
        expect(text!.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(text).not.toMatch(/^\s*::|##\[/m);
      }
      expect(markdown! + junit!).not.toContain("<script>");
      const program =
        "import sys, xml.etree.ElementTree as E; print(len(list(E.fromstring(sys.stdin.buffer.read()).iter())))";
      const { stdout } = spawnSync(python, ["-c", program], {
        input: junit!,
        encoding: "utf8",
      });
      expect(Number(stdout)).toBe(6);
    },
  );
});
