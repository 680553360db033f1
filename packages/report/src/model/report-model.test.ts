import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { expect, onTestFinished, test } from "vitest";
import { example, exampleOutput, exampleTables } from "../../test/example.ts";
import { comparisonModel } from "./comparison.ts";
import type { GradingInput } from "./grading.ts";
import { readImagesOf } from "./read-output.ts";
import { reportModel } from "./report-model.ts";

const options = {
  tables: exampleTables,
  outputOf: (result: GradingInput["results"][number]) => exampleOutput(result),
};

test("the summary first, each problem, the protocol last", async () => {
  const { facts, sections } = await reportModel(example(), options);
  expect(facts).toEqual([
    { label: "Verdict", value: "1 of 7 failed" },
    { label: "Points", value: "7.25 of 15" },
    { label: "Taken off: late by 1 day", value: "2" },
    { label: "Most of a time limit used", value: "87 %" },
  ]);
  expect(sections.map(({ title }) => title)).toEqual([
    "Summary",
    "p1: Faces",
    "p2: Digits",
    "p3: Domain adaptation",
    "Protocol and versions",
  ]);
});

test("points that are still open are told from those that were missed", async () => {
  const grading = example();
  const [first, ...others] = grading.results;
  const open = { earned: 0, possible: 15, undecided: "no private faces" };
  const results = [{ ...first!, points: [...first!.points, open] }, ...others];
  const { sections } = await reportModel({ ...grading, results }, options);
  const cells = sections[0]!.tables![0]!.rows.map((row) => row.cells[2]);
  expect(cells.slice(0, 2).map((cell) => cell?.text)).toEqual(["2.5 / 20, 15 open", "0 / 5"]);
});

test("a figure for all that there are data for", async () => {
  const { sections } = await reportModel(example(), options);
  expect(sections.map(({ figures = [] }) => figures.map((row) => row.map(({ title }) => title)))).toEqual([
    [["Run time against the limit"]],
    [
      ["FID-2048", "face rate"],
      [
        "Samples, DCGAN",
        "Nearest training images, DCGAN",
        "Training of dcgan",
        "FID-2048 by the number of images, DCGAN",
      ],
      ["Samples, WGAN-GP"],
    ],
    [
      ["accuracy", "accuracy by class"],
      ["Samples, submission", "Confusion, submission", "Reverse process of 3_001.png, submission"],
    ],
    [
      ["accuracy, svhn", "accuracy, usps"],
      ["t-SNE of features, source-only, svhn, by class", "t-SNE of features, DANN, svhn, by class"],
      ["t-SNE of features, source-only, svhn, by domain", "t-SNE of features, DANN, svhn, by domain"],
    ],
    [],
  ]);
});

test("what a page lacks is told at its end, once for all runs that lack it", async () => {
  const why = "there is no log";
  const { sections } = await reportModel(example(), {
    ...options,
    outputOf: ({ problem, variant }) =>
      problem === "p3" && variant === "DANN" ? { missing: [{ figure: "training curves", why }] } : undefined,
  });
  const [missing] = sections.at(-1)!.tables!.filter(({ title }) => title.startsWith("Figures that"));
  expect(missing!.rows.map(({ cells }) => cells.map((cell) => cell?.text))).toEqual([
    ["training curves", why, "p3, DANN, svhn; p3, DANN, usps"],
  ]);
});

test("why a run failed, what was odd and what it printed", async () => {
  const { sections } = await reportModel(example("a", { hostile: "<b>\u001b[31m" }), options);
  expect(sections[2]!.remarks).toEqual([
    {
      ...{ severity: "warning", subject: "submission" },
      text: "Expected 1000 images, found 998. Files: 9_099.png<b>\\u{1b}[31m, 9_100.png.",
    },
  ]);
  expect(sections[3]!.remarks).toMatchObject([
    { severity: "error", subject: "DANN, usps", text: "failed: It wrote no file at <b>\\u{1b}[31m." },
  ]);
  expect(sections[2]!.logs).toEqual([
    { title: "stderr of submission, 8 B", lines: ["<b>\\u{1b}[31m"] },
    { title: "stdout of submission, 16 B", lines: ["epoch 1", "epoch 2", "<b>\\u{1b}[31m"] },
  ]);
});

test("a long output is shown by its end", async () => {
  const grading = example();
  const result = grading.results[0]!;
  const stdout = Array.from({ length: 5000 }, (_, i) => `line ${i}`).join("\n");
  const long = { ...grading, results: [{ ...result, run: { ...result.run!, stdout, stdoutBytes: 50_000 } }] };
  const [log] = (await reportModel(long, options)).sections[1]!.logs!;
  expect(log).toMatchObject({ title: "stdout of DCGAN, 48.8 KiB, its end" });
  expect(log!.lines).toHaveLength(400);
  expect(log!.lines.at(-1)).toBe("line 4999");
});

test("nothing graded, and nothing measured", async () => {
  const grading = example();
  const nothing = await reportModel({ ...grading, results: [] }, options);
  expect(nothing.facts[0]).toEqual({ label: "Verdict", value: "nothing was graded" });
  const metrics = grading.results[0]!.metrics.map((metric) => ({
    ...metric,
    value: null,
    problem: "no weights",
  }));
  const unmeasured = { ...grading, results: [{ ...grading.results[0]!, metrics }] };
  const { sections } = await reportModel(unmeasured, { tables: exampleTables });
  expect(sections[1]).toMatchObject({ figures: [] });
  expect(sections[1]!.remarks).toMatchObject([
    { text: "FID-2048 could not be computed: no weights" },
    { text: "face rate could not be computed: no weights" },
  ]);
});

test("two gradings: what changed, and why", async () => {
  const before = example();
  const [dcgan, ...others] = before.results;
  const [fid, rate] = dcgan!.metrics;
  const after: GradingInput = {
    ...before,
    environment: { ...before.environment, touchstone: "0.2.0" },
    results: [
      {
        ...dcgan!,
        metrics: [
          { ...fid!, value: 25.2, protocol: { ...fid!.protocol, resize: "legacy" } },
          { ...rate!, value: 0.93, interval: [0.92, 0.95] },
        ],
      },
      ...others.slice(0, -2),
      { ...others.at(-2)!, status: "failed", reasons: ["It ran out of memory."], metrics: [] },
    ],
  };
  const { sections } = await comparisonModel([
    { name: "before", grading: before },
    { name: "after", grading: after },
  ]);
  expect(sections[2]!.figures![0]![0]!.caption).toContain("Measured otherwise, and not drawn: after.");
  const [changes, versions] = sections[1]!.tables!;
  expect(changes!.rows.map(({ cells }) => cells.map((cell) => cell?.text))).toEqual([
    [
      "p1, DCGAN",
      "FID-2048",
      "27.7",
      "25.2",
      "not comparable",
      "measured otherwise: resize: clean, then legacy",
    ],
    [
      ...["p1, DCGAN", "face rate", "91.00 % [89.00 %, 92.80 %]", "93.00 % [92.00 %, 95.00 %]", "+2.00 %"],
      "better, within the noise",
    ],
    ["p3, DANN, svhn", "status", "graded", "failed", undefined, "It ran out of memory."],
    ["p3, DANN, svhn", "accuracy", "43.60 % [42.60 %, 44.60 %]", "none", undefined, undefined],
    ["p3, DANN, usps", "run", "there", "none", undefined, undefined],
  ]);
  expect(versions!.rows.map(({ cells }) => cells.map((cell) => cell?.text))).toEqual([
    ["touchstone", "0.1.0", "0.2.0"],
  ]);
});

test("several submissions are side by side, each metric in a figure", async () => {
  const gradings = ["a", "b", "c"].map((name) => ({ name, grading: example(name) }));
  const { sections } = await comparisonModel(gradings);
  expect(sections.map(({ title }) => title)).toEqual([
    "Summary",
    "p1: Faces",
    "p2: Digits",
    "p3: Domain adaptation",
  ]);
  expect(sections[2]!.tables![0]!.rows).toHaveLength(3);
  expect(sections[1]!.figures!.flat().map(({ title }) => title)).toEqual([
    "FID-2048, DCGAN",
    "face rate, DCGAN",
    "FID-2048, WGAN-GP",
    "face rate, WGAN-GP",
  ]);
});

test("images of an output folder, whatever else is in it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-report-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  expect(await readImagesOf(join(folder, "none"))).toEqual([]);
  expect(await readImagesOf(folder)).toEqual([]);
  const png = (side: number) =>
    sharp({ create: { width: side, height: side, channels: 3, background: "#123456" } })
      .png()
      .toBuffer();
  writeFileSync(join(folder, "0_1.png"), await png(28));
  writeFileSync(join(folder, "0_2.png"), await png(300));
  writeFileSync(join(folder, "0_3.png"), await png(3000));
  writeFileSync(join(folder, "0_4.png"), "<svg onload=alert(1)>");
  writeFileSync(join(folder, "notes.txt"), "x");
  mkdirSync(join(folder, "more"));
  const images = await readImagesOf(folder);
  expect(images.map(({ name, image }) => [name, image.width])).toEqual([
    ["0_1.png", 28],
    ["0_2.png", 128],
  ]);
});
