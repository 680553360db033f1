/**
 * Times the FID Inception network: how long it takes to open weights for the first and for the second time, and images a second.
 *
 *     npx tsx packages/fid/scripts/time-inception.ts [--weights FILE] [--dims 2048] [--batch 32] [--threads 2] [--repeats 3]
 *
 * Without --weights, with random ones of the same size. An opening is all until the features of a first, single image. Images are 64 x 64,
 * resized as pytorch-fid does. Each figure is the fastest of its repeats.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { follow } from "@touchstone/cli";
import type { Extractor } from "../src/extractors/extractor.ts";
import { openInception } from "../src/inception/index.ts";
import { seededImages, writeSeededWeights } from "../test/inception.ts";

const { values: options } = parseArgs({
  options: {
    weights: { type: "string" },
    dims: { type: "string", default: "2048" },
    batch: { type: "string", default: "32" },
    threads: { type: "string" },
    repeats: { type: "string", default: "3" },
  },
});
const batchSize = Number(options.batch);
const repeats = Number(options.repeats);

const folder = mkdtempSync(join(tmpdir(), "touchstone-time-"));
process.env.TOUCHSTONE_CACHE = join(folder, "cache");
process.on("exit", () => rmSync(folder, { recursive: true }));
const weights = options.weights ?? join(folder, "random.safetensors");
if (options.weights === undefined) await writeSeededWeights(weights);

console.log(`${cpus()[0]?.model}, load average before: ${loadavg()[0]!.toFixed(1)}`);
const first = await opening();
const later = await fastest(opening);
console.log(`first opening    ${first.toFixed(2)} s, the weights converted`);
console.log(`second opening   ${later.toFixed(2)} s, from the converted copy`);

const extractor = await opened(batchSize);
const images = seededImages(batchSize, 64);
await extractor.extract(images);
const batch = await fastest(() => timed(() => extractor.extract(images)));
console.log(
  `${options.dims} features    ${(batchSize / batch).toFixed(1)} images/s in batches of ${batchSize}`,
);
await extractor.dispose();

function opened(batchSize: number): Promise<Extractor> {
  const threads = options.threads === undefined ? {} : { threads: Number(options.threads) };
  const work = openInception({ weights, dims: Number(options.dims), batchSize, ...threads });
  return follow(work, { show() {}, end() {} });
}

function opening(): Promise<number> {
  return timed(async () => {
    const extractor = await opened(1);
    await extractor.extract(seededImages(1, 64));
    await extractor.dispose();
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function fastest(measure: () => Promise<number>): Promise<number> {
  const times = [];
  for (let i = 0; i < repeats; i++) times.push(await measure());
  return Math.min(...times);
}
