/** `pnpm grade` of this repository's own models: the homework's three problems with fewer images, each with the weights that come with it. */

import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { command } from "./command.ts";
import { GRADING, made } from "./grading.ts";

const ASSIGNMENT = `
id: reduced
limits: { wall: 2 min }
problems:
  - id: p1
    command: bash p1.sh {out}
    output: { kind: images, count: 16, size: 64x64, format: png }
    variants:
      - name: DCGAN
        builtin: sample dcgan --checkpoint {checkpoints}/dcgan.safetensors --out {out} --count 16 --seed 0
      - name: WGAN-GP
        builtin: sample wgan-gp --checkpoint {checkpoints}/wgan-gp.safetensors --out {out} --count 16 --seed 0
    metrics: [{ kind: face-rate }]
  - id: p2
    command: bash p2.sh {out}
    output: { kind: images, size: 28x28, format: png, colour: rgb, names: "{class:0-9}_{index:001-001}.png" }
    variants:
      - name: diffusion
        builtin: sample diffusion --checkpoint {checkpoints}/diffusion.safetensors --out {out} --per-digit 1 --steps 5 --seed 0
    metrics: [{ kind: digit-accuracy }, { kind: throughput }]
  - id: p3
    command: bash p3.sh {images} {csv}
    output: { kind: csv, nameColumn: image_name, labelColumn: label, classes: 10 }
    variants:
      - name: DANN
        builtin: predict dann --checkpoint {checkpoints}/dann-{column}.safetensors --images {images} --out {csv}
    columns:
      - { name: usps, images: ./images, labels: ./images.csv, metrics: [{ kind: label-accuracy }] }
`;

it("all of them run through the same door as submissions, and make and read what they were trained for", async () => {
  const { folder, results } = made({ "reduced.yaml": ASSIGNMENT });
  cpSync(join(GRADING, "test-images"), join(folder, "images"), { recursive: true });
  cpSync(join(GRADING, "test-images.csv"), join(folder, "images.csv"));
  const assignment = join(folder, "reduced.yaml");
  const ended = await command("grade", ["all", "--assignment", assignment, "--results", results, "--json"]);
  expect(ended).toMatchObject({ code: 0 });
  const rows = JSON.parse(ended.stdout).results as Row[];
  expect(rows.map(({ problem, variant, status, run }) => [problem, variant, status, run.verdict])).toEqual([
    ["p1", "DCGAN", "graded", "ok"],
    ["p1", "WGAN-GP", "graded", "ok"],
    ["p2", "diffusion", "graded", "ok"],
    ["p3", "DANN", "graded", "ok"],
  ]);
  // Of so few images no figure, but far from chance.
  const measured = rows.map(({ metrics: [{ name, value, n }] }) => [name, n, value > 0.5]);
  expect(measured).toEqual([
    ["face_rate", 16, true],
    ["face_rate", 16, true],
    ["accuracy", 10, true],
    ["accuracy", 8, true],
  ]);
  expect(existsSync(join(results, "outputs/builtin"))).toBe(true);
  expect(existsSync(join(results, "reports/builtin/report.html"))).toBe(true);
}, 180_000);

interface Row extends Record<"problem" | "variant" | "status", string> {
  run: { verdict: string };
  metrics: [{ name: string; value: number; n: number }];
}
