/**
 * Accuracy on the target by mode, over the seeds that were trained: what `pnpm train dann` measured on the validation images after the last
 * step of each run.
 *
 *   npx tsx packages/models/scripts/adaptation-table.ts runs/dann   # a folder of trainings
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { table } from "@touchstone/cli";

interface Run {
  mode: string;
  target: string;
  seed: number;
  accuracy: number;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("expected a folder of trainings, such as runs/dann");

const runs = readdirSync(folder).flatMap((name): Run[] => {
  const file = join(folder, name, "summary.json");
  const [, mode, target] = /^(source-only|dann|target-trained)-(svhn|usps)\b/.exec(name) ?? [];
  if (mode === undefined || target === undefined || !existsSync(file)) return [];
  const { settings, metrics } = JSON.parse(readFileSync(file, "utf8"));
  return [{ mode, target, seed: settings.seed, accuracy: metrics.targetAccuracy }];
});

const rows = [...new Set(runs.map(({ mode, target }) => `${target} ${mode}`))].sort().map((name) => {
  const own = runs.filter(({ mode, target }) => `${target} ${mode}` === name).sort((a, b) => a.seed - b.seed);
  return { name, own, accuracies: own.map(({ accuracy }) => accuracy) };
});
const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Of a sample. */
function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

process.stdout.write(
  `${table(
    [
      { title: "target, mode", cell: ({ name }) => name, align: "left" },
      { title: "seeds", cell: ({ own }) => own.map(({ seed }) => seed).join(", ") },
      { title: "accuracy", cell: ({ accuracies }) => accuracies.map(percent).join(", ") },
      { title: "mean", cell: ({ accuracies }) => percent(mean(accuracies)) },
      {
        title: "deviation",
        cell: ({ accuracies }) => (accuracies.length > 1 ? percent(deviation(accuracies)) : undefined),
      },
    ],
    rows,
  )}\n`,
);
