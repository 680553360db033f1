/**
 * Times the Frechet distance of 2,048 features against SciPy's, in one run and on as many threads.
 *
 *     PYTHON=python3 npx tsx packages/fid/scripts/time-frechet.ts [--threads 2] [--repeats 3]
 *
 * All start from statistics in memory. Each figure is the fastest of its repeats; CPU seconds are summed over threads and
 * suffer less from other work on the machine. PYTHON names an interpreter with numpy, scipy and mpmath.
 */

import { spawnSync } from "node:child_process";
import { availableParallelism, cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type FeatureRule, goldenFeatures } from "../../../fixtures/golden/frechet/features.ts";
import { frechetDistance } from "../src/frechet/index.ts";
import {
  computeStatistics,
  covarianceOf,
  emptyStatistics,
  type Statistics,
  updateStatistics,
} from "../src/statistics/index.ts";

interface Timing {
  formula: string;
  distance: number;
  wall: number;
  cpu: number;
}

const { values: options } = parseArgs({
  options: { threads: { type: "string" }, repeats: { type: "string", default: "3" } },
});
const threads = Number(options.threads ?? availableParallelism());
const repeats = Number(options.repeats);

const rule = (seed: number, n: number): FeatureRule => ({ seed, n, d: 2048, halvings: 10 });
const PAIRS = [
  { name: "1,000 and 2,025 images", first: rule(1, 1000), second: rule(2, 2025) },
  { name: "3,000 and 5,000 images", first: rule(3, 3000), second: rule(4, 5000) },
];

console.log(`${cpus()[0]?.model}, ${threads} threads each, load average before: ${load()}`);
for (const pair of PAIRS) {
  console.log(`\n${pair.name}`);
  const [a, b] = [statisticsOf(pair.first), statisticsOf(pair.second)];
  const ours = await fastest("touchstone", a, b);
  print(ours, ours);
  if (a.spread.kind === "features") {
    print(await fastest("touchstone, covariances only", asCovariance(a), asCovariance(b)), ours);
  }
  for (const theirs of python(pair.first, pair.second)) print(theirs, ours);
  console.log(`  load average after: ${load()}`);
}

function print({ formula, distance, wall, cpu }: Timing, ours: Timing): void {
  console.log(
    `  ${formula.padEnd(30)} ${wall.toFixed(2).padStart(7)} s  x${(wall / ours.wall).toFixed(1).padStart(5)}` +
      `   CPU ${cpu.toFixed(2).padStart(7)} s  x${(cpu / ours.cpu).toFixed(1).padStart(5)}` +
      `   ${distance.toFixed(9)}  (${((distance - ours.distance) / ours.distance).toExponential(1)})`,
  );
}

function load(): string {
  return loadavg()
    .map((x) => x.toFixed(1))
    .join(", ");
}

function statisticsOf(features: FeatureRule): Statistics {
  const state = emptyStatistics(features.d);
  updateStatistics(state, goldenFeatures(features));
  return computeStatistics(state);
}

function asCovariance(statistics: Statistics): Statistics {
  return { ...statistics, spread: { kind: "covariance", covariance: covarianceOf(statistics) } };
}

async function fastest(formula: string, a: Statistics, b: Statistics): Promise<Timing> {
  let best: Timing | undefined;
  for (let i = 0; i < repeats; i++) {
    const cpuBefore = process.cpuUsage();
    const before = performance.now();
    const { distance } = await frechetDistance(a, b, { threads });
    const wall = (performance.now() - before) / 1e3;
    const { user, system } = process.cpuUsage(cpuBefore);
    if (best === undefined || wall < best.wall)
      best = { formula, distance, wall, cpu: (user + system) / 1e6 };
  }
  return best!;
}

function python(first: FeatureRule, second: FeatureRule): Timing[] {
  const script = fileURLToPath(new URL("time-frechet.py", import.meta.url));
  const counts = Object.fromEntries(
    ["OPENBLAS", "OMP", "MKL"].map((name) => [`${name}_NUM_THREADS`, String(threads)]),
  );
  const { stdout, stderr, status } = spawnSync(
    process.env.PYTHON ?? "python3",
    [script, JSON.stringify({ first, second, repeats })],
    { encoding: "utf8", env: { ...process.env, ...counts } },
  );
  if (status !== 0) throw new Error(`Python ended with ${status}:\n${stderr}`);
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Timing);
  return ["pytorch_fid", "eigvals"].map((formula) =>
    rows
      .filter((row) => row.formula === formula)
      .reduce((best, timing) => (timing.wall < best.wall ? timing : best)),
  );
}
