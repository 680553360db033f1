/**
 * What grading costs besides the submission's own run and its scores: copying and keys, containment, validation, the record. Medians of
 * fresh gradings of the small assignment.
 *
 *   npx tsx packages/grader/scripts/time-overhead.ts [gradings, default 9]
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openRecords } from "../src/records/index.ts";
import type { Grading } from "../src/results/results.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const results = mkdtempSync(join(tmpdir(), "touchstone-overhead-"));
const SMALL = [
  "--assignment",
  "fixtures/grading/assignment.yaml",
  "--submission",
  "fixtures/grading/submissions/good",
];
const args = [
  "packages/commands/bin/grade.mjs",
  "all",
  ...SMALL,
  "--fresh",
  "--no-page",
  "--json",
  "--results",
  results,
];

const costs = new Map<string, number[][]>();
try {
  for (let i = 0; i < Number(process.argv[2] ?? 9); i++) {
    const out = execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
    const grading = JSON.parse(out.toString()) as Grading;
    for (const result of grading.results) {
      const { problem, phases, run } = result;
      const { copy = 0, run: ran = 0, validate = 0 } = phases;
      const began = performance.now();
      await openRecords(results).save({ submission: "again", environment: grading.environment, result });
      const record = (performance.now() - began) / 1000;
      costs.set(problem, [...(costs.get(problem) ?? []), [copy, ran - run!.wallSeconds, validate, record]]);
    }
  }
} finally {
  rmSync(results, { recursive: true, force: true });
}
for (const [problem, rows] of costs) {
  const parts = ["copy and key", "containment", "validation", "record"].map(
    (name, i) => [name, median(rows.map((row) => 1000 * row[i]!))] as const,
  );
  const sum = parts.reduce((total, [, milliseconds]) => total + milliseconds, 0);
  console.log(
    `${problem}: ${parts.map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(0)} ms`).join(", ")}; together ${sum.toFixed(0)} ms`,
  );
}
console.log(`load average ${loadavg()[0]!.toFixed(2)}`);

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
