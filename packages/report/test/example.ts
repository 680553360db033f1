/** A grading with everything that a page can show, of noise: what the tests' pages show. */

import type { Image } from "@touchstone/datasets";
import type { GradingInput, MetricInput, Point, ResultInput, RunOutput } from "../src/index.ts";
import { plainTable, type Table } from "../src/index.ts";

/** What a name or a program may say to get a script to run, or to steer what shows it. */
export const HOSTILE = `<img src=x onerror="window.hacked=1">"'></pre></table><script>window.hacked=2</script>\u202egnp.\u0007\u001b[31m&amp;{{x}}\${y}`;

export function example(id = "good", { hostile = "" } = {}): GradingInput {
  const run = (seconds: number): NonNullable<ResultInput["run"]> => ({
    ...{ verdict: "ok", detail: "It ended by itself.", wallSeconds: seconds, cpuSeconds: 1.7 * seconds },
    ...{ peakMemoryBytes: 1.4e9, stdout: `epoch 1\nepoch 2\n${hostile}`, stderr: hostile },
    ...{ stdoutBytes: 16, stderrBytes: hostile.length, containment: "bwrap" },
    enforcement: { memory: "cgroup", network: "namespace" },
  });
  const graded = {
    status: "graded",
    reasons: [],
    findings: [],
    gradedAt: "2026-01-02T03:04:05.000Z",
  } as const;
  const points = (earned: number) => [{ earned, possible: 5 }];
  const faces = (variant: string, fid: number, rate: number): ResultInput => ({
    ...{ ...graded, problem: "p1", title: "Faces", variant, run: run(variant === "DCGAN" ? 31 : 44) },
    ...{ limitSeconds: 600, points: points(fid < 30 ? 2.5 : 0) },
    metrics: [
      metric("fid", "FID-2048", fid, {
        better: "lower",
        published: { "simple baseline": 30, "strong baseline": 27 },
        ...(variant === "DCGAN" && {
          byCount: [100, 250, 500, 1000].map((n) => ({ n, value: fid - 4.1 + 4100 / n })),
        }),
      }),
      metric("face_rate", "face rate", rate, {
        ...{ unit: "share", interval: [rate - 0.02, rate + 0.018] },
        published: { "simple baseline": 0.85, "strong baseline": 0.9 },
      }),
    ],
  });
  const adapted = (variant: string, column: string, share: number): ResultInput => ({
    ...{ ...graded, problem: "p3", title: "Domain adaptation", variant, column, run: run(55) },
    ...{ limitSeconds: 600, points: [] },
    metrics: [
      metric("accuracy", "accuracy", share, {
        ...{ unit: "share", interval: [share - 0.01, share + 0.01] },
        published: { "DANN baseline": column === "svhn" ? 0.4 : 0.76 },
      }),
    ],
  });
  return {
    assignment: { id: "hw2", title: "Generative models and domain adaptation", sha256: "0f".repeat(32) },
    submission: { id: id + hostile },
    results: [
      faces("DCGAN", 27.7, 0.91),
      faces(`WGAN-GP${hostile}`, 105.2, 0.34),
      {
        ...{
          ...graded,
          problem: "p2",
          title: "Digits",
          variant: "submission",
          run: run(781),
          limitSeconds: 900,
        },
        points: points(4.75),
        findings: [
          {
            severity: "warning",
            message: "Expected 1000 images, found 998.",
            files: [`9_099.png${hostile}`, "9_100.png"],
            total: 2,
          },
        ],
        metrics: [
          metric("accuracy", "accuracy", 0.95, {
            ...{ unit: "share", interval: [0.935, 0.962], published: { "simple baseline": 0.8 } },
          }),
          ...DIGITS.map((digit) => {
            const share = 0.99 - ((digit * 7) % 10) / 60;
            return metric(`accuracy_${digit}`, `accuracy of ${digit}`, share, {
              ...{ unit: "share", interval: [share - 0.05, Math.min(1, share + 0.04)] },
              part: { of: "accuracy", name: String(digit) },
            });
          }),
        ],
      },
      adapted("source-only", "svhn", 0.2769),
      adapted("source-only", "usps", 0.5658),
      adapted("DANN", "svhn", 0.436),
      {
        ...{ ...graded, ...adapted("DANN", "usps", 0), status: "failed", metrics: [] },
        reasons: [`It wrote no file at ${hostile || "predictions.csv"}.`],
      },
    ],
    points: {
      earned: 7.25,
      possible: 15,
      open: 0,
      deductions: [{ label: `late by 1 day${hostile}`, points: 2 }],
    },
    environment: { touchstone: "0.1.0", node: "20.19.0", cpu: `a processor${hostile}`, cores: 2 },
  };
}

/** @param points of each map, each with an image */
export function exampleOutput(
  { problem, variant, column }: ResultInput,
  { hostile = "", points = 200 } = {},
): RunOutput | undefined {
  if (problem === "p1") {
    const images = Array.from({ length: 40 }, (_, i) => ({ name: `${i}.png`, image: blob(64, i) }));
    const neighbours = images.slice(0, 4).map(({ image }, i) => ({
      generated: image,
      nearest: [1, 2, 3].map((k) => ({ image: blob(64, i + 100 * k), distance: 3.1 * k + i })),
    }));
    return variant === "DCGAN"
      ? {
          images,
          neighbours: { among: `40 images of faces/train${hostile}`, found: neighbours },
          logs: [{ name: "dcgan", text: log() }],
        }
      : { images, missing: [{ figure: "training curves", why: `there is no log${hostile}` }] };
  }
  if (problem === "p2") {
    const confusion = DIGITS.map((label) =>
      DIGITS.map((read) => (read === label ? 95 : read === (label * 3 + 1) % 10 ? 5 : 0)),
    );
    const images = DIGITS.flatMap((digit) =>
      Array.from({ length: 12 }, (_, i) => ({
        name: `${digit}_${i}.png${hostile}`,
        image: blob(28, digit * 12 + i),
      })),
    );
    const misread = images
      .filter((_, i) => i % 12 < 5)
      .map(({ name }, i) => ({
        file: name,
        label: Math.floor(i / 5),
        read: { digit: (Math.floor(i / 5) * 3 + 1) % 10 },
      }));
    const steps = [1000, 800, 600, 400, 200, 0].map((t) => ({ t, image: blob(28, 7, t / 1000) }));
    return { images, digits: { confusion, misread }, reverse: { name: `3_001.png${hostile}`, steps } };
  }
  return column === "svhn"
    ? { maps: [{ title: `t-SNE of features${hostile}`, points: map(points, variant, hostile) }] }
    : undefined;
}

/** The least that can be called the tables of a grading. */
export function exampleTables({ results }: GradingInput): Table[] {
  const { problem, title } = results[0]!;
  const rows = results.map(({ variant, column, metrics }) => [
    column === undefined ? variant : `${variant}, ${column}`,
    ...metrics.filter(({ part }) => !part).map(({ value }) => value?.toPrecision(4)),
  ]);
  const names = results[0]!.metrics.filter(({ part }) => !part).map(({ label }) => label);
  return [plainTable(`${problem}: ${title}`, ["run", ...names], rows)];
}

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

function metric(name: string, label: string, value: number, rest: Partial<MetricInput>): MetricInput {
  const protocol = { extractor: "inception", weightsSha256: "6726825d0af5".padEnd(64, "0"), resize: "clean" };
  return { name, label, value, n: 1000, better: "higher", protocol, ...rest };
}

/** A coloured blob in noise: no two seeds look alike. */
export function blob(side: number, seed: number, noise = 0.15): Image {
  const random = randomOf(seed + 1);
  const [cx, cy, radius] = [random(), random(), random()].map((u) => side * (0.3 + 0.4 * u)) as [
    number,
    number,
    number,
  ];
  const colour = [random(), random(), random()];
  const data = new Uint8Array(side * side * 3);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    const inside = Math.hypot((pixel % side) - cx, Math.floor(pixel / side) - cy) < radius * 0.6;
    const value = inside ? 0.3 + 0.7 * colour[i % 3]! : 0.1;
    data[i] = Math.round(255 * ((1 - noise) * value + noise * random()));
  }
  return { height: side, width: side, channels: 3, data };
}

function map(count: number, variant: string, hostile: string): Point[] {
  const random = randomOf(variant.length);
  return Array.from({ length: count }, (_, i) => {
    const digit = i % 10;
    const isTarget = i % 3 === 0;
    const shift = isTarget && variant === "source-only" ? 6 : 0;
    return {
      x: 10 * Math.cos(digit) + 4 * random() + shift,
      y: 10 * Math.sin(digit * 1.9) + 4 * random() - shift,
      class: String(digit),
      domain: (isTarget ? "svhn" : "mnistm") + hostile,
      image: blob(28, i),
    };
  });
}

function log(): string {
  const random = randomOf(5);
  const line = (step: number) => {
    const metrics = {
      generatorLoss: 3 + random(),
      discriminatorLoss: 2 * Math.exp(-step / 900) + 0.3 * random(),
    };
    return JSON.stringify({ step, epoch: Math.floor(step / 100), metrics, seconds: step });
  };
  return `${Array.from({ length: 1500 }, (_, i) => line(i + 1)).join("\n")}\n{"step": 15`;
}

/** Numbers from 0 to 1 (Park and Miller 1988). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
