/**
 * Our metrics of the features that another program computed, with its draws: `compare-peers.py` runs this.
 *
 *     npx tsx packages/fid/scripts/peer-metrics.ts FEATURES.safetensors
 *
 * The file holds `real` and `generated`, `[n, dims]`, and for more than the Frechet distance `logits`, `order`, `real_subsets` and
 * `generated_subsets`. Prints JSON.
 */

import { follow } from "@touchstone/cli";
import { readCheckpoint, toFloat32 } from "@touchstone/nn";
import { frechetDistance } from "../src/frechet/index.ts";
import { inceptionScoreInOrder } from "../src/inception-score/inception-score.ts";
import { squaredDiscrepancies } from "../src/kid/kid.ts";
import { manifoldScores } from "../src/manifold/index.ts";
import type { Samples } from "../src/samples/index.ts";
import { mean } from "../src/samples/summary.ts";
import { statisticsOf } from "../src/statistics/index.ts";

const SILENT = { show() {}, end() {} };

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("expected a file of features, found no argument");
const { tensors } = await readCheckpoint(path);
const real = table("real");
const generated = table("generated");
const { distance } = await frechetDistance(statisticsOf(real), statisticsOf(generated));
console.log(JSON.stringify({ distance, ...(tensors.has("logits") && (await scores())) }));

async function scores(): Promise<Record<string, number>> {
  const all = Int32Array.from({ length: real.count }, (_, i) => i);
  const [reals, generateds] = [indices("real_subsets"), indices("generated_subsets")];
  const pairs = reals.map((reference, i) => ({ reference, generated: generateds[i]! }));
  const discrepancy = async (subsets: typeof pairs) =>
    mean(await follow(squaredDiscrepancies(real, generated, subsets), SILENT));
  const [order] = indices("order");
  const inceptionScore = inceptionScoreInOrder(table("logits"), order!, 10);
  const { precisionRecallNeighbours, densityCoverageNeighbours, ...manifold } = await follow(
    manifoldScores(real, generated),
    SILENT,
  );
  return {
    "KID, subset of all": await discrepancy([{ reference: all, generated: all }]),
    "KID, 100 subsets of a fifth": await discrepancy(pairs),
    "Inception Score": inceptionScore.mean,
    "its deviation": inceptionScore.std,
    ...manifold,
  };
}

function table(name: string): Samples {
  const tensor = tensors.get(name);
  const data = tensor && toFloat32(tensor);
  if (!data) throw new Error(`expected a table "${name}", found ${[...tensors.keys()].join(", ")}`);
  const [count = 0, dims = 0] = tensor.shape;
  return { data, count, dims };
}

/** One row for each subset. */
function indices(name: string): Int32Array[] {
  const { data, count, dims } = table(name);
  return Array.from({ length: count }, (_, i) => Int32Array.from(data.subarray(i * dims, (i + 1) * dims)));
}
