/** Gradings to show reports with: the homework's models beside the figures of its report, and a submission that means harm. */

import type { Grading, Metric, PointsLine, ProblemResult } from "../src/results/results.ts";
import type { RunOutcome } from "../src/run/request.ts";

export function metric(overrides: Partial<Metric> = {}): Metric {
  return {
    name: "fid",
    label: "FID-2048",
    value: 27.64,
    interval: [26.9, 28.4],
    n: 1000,
    better: "lower",
    protocol: {
      extractor: "inception",
      weights: "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2",
      resize: "pytorch",
    },
    ...overrides,
  };
}

export function result(overrides: Partial<ProblemResult> = {}): ProblemResult {
  return {
    problem: "p1",
    title: "Face GANs",
    variant: "DCGAN",
    status: "graded",
    reasons: [],
    findings: [],
    metrics: [metric()],
    points: [],
    phases: { copy: 0.5, run: 421.25, score: 60 },
    runKey: "00".repeat(32),
    key: "00",
    gradedAt: "2024-11-24T12:00:00.000Z",
    ...overrides,
  };
}

export function grading(results: ProblemResult[], id = "b09901000"): Grading {
  const sum = (of: (line: PointsLine) => number) =>
    results.flatMap(({ points }) => points).reduce((s, l) => s + of(l), 0);
  return {
    assignment: { id: "hw2", title: "Homework 2", sha256: "ab".repeat(32) },
    submission: { id },
    results,
    points: {
      earned: sum(({ earned }) => earned),
      possible: sum(({ possible }) => possible),
      open: 0,
      deductions: [],
      given: {},
    },
    environment: { node: "20.20.2", touchstone: "0.1.0", cores: 2 },
  };
}

export function outcome(overrides: Partial<RunOutcome> = {}): RunOutcome {
  return {
    verdict: "ok",
    detail: "It ended after 421 s of 600 s.",
    exitCode: 0,
    signal: null,
    wallSeconds: 421.25,
    cpuSeconds: 800,
    outputBytes: 1e6,
    outputFiles: 1000,
    stdout: "",
    stderr: "",
    stdoutBytes: 0,
    stderrBytes: 0,
    containment: "session",
    enforcement: {},
    leftovers: 0,
    startedAt: "2024-11-24T12:00:00.000Z",
    ...overrides,
  };
}

const baselines = { "simple baseline": 30, "strong baseline": 27 };
const kid = (value: number) =>
  metric({ name: "kid", label: "KID", value, interval: [value - 0.002, value + 0.002] });
const faces = (value: number) =>
  metric({
    name: "face_rate",
    label: "face rate",
    value,
    interval: [value - 0.02, value + 0.02],
    better: "higher",
    unit: "share",
    protocol: { detector: "tiny-face", threshold: 0.4 },
    published: { "simple baseline": 0.85, "strong baseline": 0.9 },
  });
const line = (label: string, earned: number, because: string): PointsLine => ({
  label,
  earned,
  possible: 2.5,
  because,
});

const p1: ProblemResult[] = [
  result({
    run: outcome(),
    limitSeconds: 600,
    metrics: [
      metric({ published: { ...baselines, report: 27.7, "best published": 22.97 } }),
      kid(0.0123),
      faces(0.912),
    ],
    points: [
      line("FID below 30 (simple baseline)", 2.5, "2.5 * (fid < 30), fid = 27.64"),
      line("FID below 27 (strong baseline)", 0, "2.5 * (fid < 27), fid = 27.64"),
    ],
    findings: [
      {
        code: "name",
        severity: "warning",
        message: "2 files are no images.",
        files: ["notes.txt", "a|b.txt"],
        total: 2,
      },
    ],
  }),
  result({
    variant: "WGAN-GP",
    run: outcome({ wallSeconds: 88.4 }),
    limitSeconds: 600,
    metrics: [
      metric({ value: 104.2, interval: [102.1, 106], published: baselines }),
      kid(0.0912),
      faces(0.402),
    ],
  }),
];

const accuracy = (value: number, published: Record<string, number>): Metric =>
  metric({
    name: "accuracy",
    label: "accuracy",
    value,
    interval: [value - 0.01, value + 0.01],
    n: 2000,
    better: "higher",
    unit: "share",
    protocol: { labels: "val" },
    published,
  });
const p3 = (
  variant: string,
  column: string,
  value: number,
  published: Record<string, number>,
): ProblemResult =>
  result({
    problem: "p3",
    title: "Domain adaptation",
    variant,
    column,
    metrics: [accuracy(value, published)],
    run: outcome({ wallSeconds: 12.3 }),
    limitSeconds: 600,
    points:
      variant === "DANN"
        ? [{ ...line(`${column} above the baseline`, 3, `accuracy = ${value}`), possible: 3 }]
        : [],
  });

/** P1 and P3 with the figures of the report; the values are made up. */
export const homework: Grading = grading([
  ...p1,
  p3("source-only", "SVHN", 0.2801, { report: 0.2769 }),
  p3("source-only", "USPS", 0.5712, { report: 0.5658 }),
  p3("DANN", "SVHN", 0.4412, { report: 0.436, "best published": 0.6451 }),
  p3("DANN", "USPS", 0.7702, { report: 0.7641, "best published": 0.9241 }),
  p3("target-trained", "SVHN", 0.9101, { report: 0.9127 }),
  {
    ...p3("target-trained", "USPS", 0, { report: 0.9845 }),
    status: "not-gradable",
    metrics: [],
    reasons: ["The weights usps.safetensors are missing."],
  },
]);

/** Ends cells, elements and lines, begins formulas, colours, formatting and commands of CI. */
export const evil =
  '"><script>|\n=cmd()|\u001b[31m\r\n::error::x ##[add-mask]y @everyone https://evil.example ]]> `*_ \u202e\ufffe\ud800';

export const hostile: Grading = grading(
  [
    result({
      problem: "p2",
      title: "Digits",
      variant: evil,
      status: "failed",
      reasons: [evil, "Second reason."],
      run: outcome({
        verdict: "crashed",
        exitCode: 1,
        stderr: `Traceback\n${evil}\n::stop-commands::x\n\n</pre><b>`,
      }),
      limitSeconds: 900,
      metrics: [metric({ value: null, problem: evil, label: evil, protocol: { [evil]: evil } })],
      findings: [{ code: "name", severity: "error", message: evil, files: Array(20).fill(evil), total: 999 }],
      points: [
        { label: evil, earned: 0, possible: 10, because: evil },
        { label: evil, earned: 0, possible: 5, because: "", undecided: evil },
      ],
    }),
  ],
  evil,
);
