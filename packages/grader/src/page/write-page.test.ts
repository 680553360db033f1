import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { grading, metric, outcome, result } from "../../test/example-grading.ts";
import { SMALL, smallAssignment, submissionOf } from "../../test/small-grading.ts";
import { type Job, jobsOf, outputFolder, slotOf } from "../grade/index.ts";
import type { ProblemResult } from "../results/results.ts";
import { writePage } from "./write-page.ts";

beforeEach(() => {
  vi.stubEnv("TOUCHSTONE_CACHE", temporaryFolder());
  vi.stubEnv("TOUCHSTONE_DATA", "");
  return () => vi.unstubAllEnvs();
});

const resultOf = ({ problem, variant }: Job, more: Partial<ProblemResult> = {}): ProblemResult =>
  result({
    problem: problem.id,
    title: problem.title,
    variant,
    metrics: [],
    runKey: "ab".repeat(32),
    ...more,
  });

/** What the page says that it lacks: figure, why, runs. */
function missingOn(page: string): string[][] {
  const [, table] = /Figures that are not on this page<\/caption>.*?<tbody>(.*?)<\/tbody>/s.exec(page) ?? [];
  return [...(table ?? "").matchAll(/<tr.*?<\/tr>/gs)].map(([row]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, text]) => text!),
  );
}

test("a submission's page and its figures as files; what they lack is said", async () => {
  const results = temporaryFolder();
  const jobs = jobsOf(smallAssignment(), { submission: true });
  const [digits, labels] = jobs as [Job, Job];
  const byCount = [50, 100, 200].map((n) => ({ n, value: 20 + 900 / n }));
  const graded = [
    resultOf(digits, { run: outcome(), limitSeconds: 20, metrics: [metric({ byCount })] }),
    resultOf(labels),
  ];
  const output = outputFolder(results, { ...slotOf(digits, {}), submission: "good" }, graded[0]!.runKey);
  cpSync(join(submissionOf("good"), "images"), output, { recursive: true });
  const figures = join(results, "figures-of-good");
  const page = await writePage(grading(graded, "good"), jobs, { results, assignment: SMALL, figures });
  const html = readFileSync(page, "utf8");
  for (const title of ["Samples", "Confusion", "FID-2048 by the number of images"])
    expect(html).toContain(`<h3>${title}, submission</h3>`);
  expect(missingOn(html)).toEqual([
    [
      "training curves, the reverse process and maps of features",
      "of a submission nothing is known but what it made",
      "digits, submission; labels, submission",
    ],
  ]);
  expect(readdirSync(figures)).toEqual([
    ...["01-run-time-against-the-limit.png", "01-run-time-against-the-limit.svg"],
    ...["02-samples-submission.png", "03-confusion-submission.png", "03-confusion-submission.svg"],
    ...["04-fid-2048-by-the-number-of-images-submission.png"],
    "04-fid-2048-by-the-number-of-images-submission.svg",
  ]);
  expect(existsSync(join(results, "reports/good/grading.json"))).toBe(true);
});

test("of a built-in model whose weights, log and data are gone, each figure is said to be missing", async () => {
  const [results, weights] = [temporaryFolder(), temporaryFolder()];
  const variants = (kind: "images" | "csv") =>
    kind === "images"
      ? `variants: [{ name: diffusion, builtin: "sample diffusion --checkpoint ${weights}/a.safetensors --out {out}" }]`
      : `variants: [{ name: DANN, builtin: "predict dann --checkpoint ${weights}/b.safetensors --images {images} --out {csv}" }]`;
  const assignment = smallAssignment((yaml) =>
    yaml
      .replace("    output: { kind: images", `    ${variants("images")}\n    output: { kind: images`)
      .replace("    output: { kind: csv", `    ${variants("csv")}\n    output: { kind: csv`),
  );
  const jobs = jobsOf(assignment);
  const distance = metric({ name: "fid", label: "FID-2048" });
  const fid = { kind: "fid", name: "fid", label: "FID", baselines: {}, extractor: "inception" } as const;
  jobs[0]!.column.metrics.push({ ...fid, reference: { given: "private" } });
  const graded = jobs.map((job, i) => resultOf(job, i === 0 ? { metrics: [distance] } : {}));
  const page = await writePage(grading(graded, "builtin"), jobs, { results, assignment: SMALL });
  const missing = missingOn(readFileSync(page, "utf8"));
  expect(missing.map(([figure, , run]) => [figure, run])).toEqual([
    ["samples and what they show", "digits, diffusion"],
    ["FID-2048 by the number of images", "digits, diffusion"],
    ["reverse process", "digits, diffusion"],
    ["training curves", "digits, diffusion"],
    ["t-SNE of features", "labels, DANN"],
    ["training curves", "labels, DANN"],
  ]);
  expect(missing.map(([, why]) => why)).toEqual([
    "what the run made is no longer beside its record",
    "an earlier version graded it; --fresh grades it again",
    expect.stringContaining("3_001.png: expected an image that says what it was made with, found none."),
    expect.stringContaining("a.log.jsonl: expected the log of its training"),
    expect.stringContaining("mnist-m/test: expected it in"),
    expect.stringContaining("b.log.jsonl: expected the log of its training"),
  ]);
});

test("a run that failed shows what it made, and says that nothing more is found out about it", async () => {
  const results = temporaryFolder();
  const jobs = jobsOf(smallAssignment(), { problems: ["digits"], submission: true });
  const failed = resultOf(jobs[0]!, { status: "failed", reasons: ["It wrote 1 of 20 images."] });
  const output = outputFolder(results, { ...slotOf(jobs[0]!, {}), submission: "<b>" }, failed.runKey);
  mkdirSync(output, { recursive: true });
  cpSync(join(submissionOf("good"), "images", "3_1.png"), join(output, "3_1.png"));
  writeFileSync(join(output, "3_2.png"), "no image");
  const page = await writePage(grading([failed], "<b>"), jobs, { results, assignment: SMALL });
  const html = readFileSync(page, "utf8");
  expect(html).toContain("<h3>Samples, submission</h3>");
  expect(missingOn(html)).toEqual([
    ["what is found out about a run", "it was not graded; the remarks on it say why", "digits, submission"],
  ]);
});

test("ends with the signal's reason", async () => {
  const jobs = jobsOf(smallAssignment(), { submission: true });
  const signal = AbortSignal.abort(new Error("Ctrl-C"));
  const results = temporaryFolder();
  const output = outputFolder(results, { ...slotOf(jobs[0]!, {}), submission: "good" }, "ab".repeat(32));
  cpSync(join(submissionOf("good"), "images"), output, { recursive: true });
  const work = writePage(grading([resultOf(jobs[0]!)], "good"), jobs, { results, assignment: SMALL, signal });
  await expect(work).rejects.toThrow("Ctrl-C");
});
