/**
 * Accuracy on the target by mode, over the seeds that were trained: what `pnpm train dann` measured on the validation images after the last
 * step of each run, and between which bounds it moved over the second half of the epochs.
 *
 *   npx tsx packages/models/scripts/adaptation-table.ts              # the logs beside the weights
 *   npx tsx packages/models/scripts/adaptation-table.ts runs/dann    # a folder of trainings
 *
 * A training is `<mode>-<target>[-seed<n>]`: a file `.log.jsonl`, or a folder with `log.jsonl` in it. Without a seed in its name it is of seed 0.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { table } from "@touchstone/cli";

interface Run {
  name: string;
  seed: number;
  /** After each epoch. */
  accuracies: readonly number[];
}

const CHECKPOINTS = fileURLToPath(new URL("../checkpoints", import.meta.url));
const [, , ...given] = process.argv;
const folders = given.length > 0 ? given : [CHECKPOINTS, join(CHECKPOINTS, "seeds")];

const NAME = /^(?<mode>source-only|dann|target-trained)-(?<target>svhn|usps)(?:-seed(?<seed>\d+))?$/;

function runsIn(folder: string): Run[] {
  return readdirSync(folder).flatMap((entry) => {
    const { mode, target, seed = "0" } = NAME.exec(entry.replace(/\.log\.jsonl$/, ""))?.groups ?? {};
    const isLog = entry.endsWith(".jsonl");
    const isFinished = isLog || existsSync(join(folder, entry, "summary.json"));
    if (mode === undefined || !isFinished) return [];
    const file = isLog ? join(folder, entry) : join(folder, entry, "log.jsonl");
    const lines = readFileSync(file, "utf8").trim().split("\n");
    const measured = lines.map((line) => JSON.parse(line)).filter(({ isEpochEnd }) => isEpochEnd);
    const accuracies = measured.map(({ metrics }) => metrics.targetAccuracy as number);
    return accuracies.length > 0 ? [{ name: `${target} ${mode}`, seed: Number(seed), accuracies }] : [];
  });
}

const runs = folders.filter(existsSync).flatMap(runsIn);
const rows = [...new Set(runs.map(({ name }) => name))].sort().map((name) => {
  const own = runs.filter((run) => run.name === name).sort((a, b) => a.seed - b.seed);
  return { own, name, last: own.map(({ accuracies }) => accuracies.at(-1)!) };
});

const percent = (share: number) => (100 * share).toFixed(2);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Of a sample. */
function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
/** Between the worst and the best epoch of the second half. */
function swing({ accuracies }: Run): string {
  const late = accuracies.slice(Math.floor(accuracies.length / 2));
  return `${percent(Math.min(...late))} to ${percent(Math.max(...late))}`;
}

process.stdout.write(
  `${table(
    [
      { title: "target, mode", cell: ({ name }) => name, align: "left" },
      { title: "seeds", cell: ({ own }) => own.map(({ seed }) => seed).join(", ") },
      { title: "accuracy, %", cell: ({ last }) => last.map(percent).join(", ") },
      { title: "mean", cell: ({ last }) => percent(mean(last)) },
      { title: "deviation", cell: ({ last }) => (last.length > 1 ? percent(deviation(last)) : undefined) },
      { title: "late epochs", cell: ({ own }) => own.map(swing).join(", "), align: "left" },
    ],
    rows,
  )}\n`,
);
