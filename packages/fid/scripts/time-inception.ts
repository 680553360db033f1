/**
 * Times the FID Inception network: how long it takes to open weights for the first and for the second time, and images a second.
 *
 *     npx tsx packages/fid/scripts/time-inception.ts [--weights FILE] [--dims 2048] [--batch 32] [--threads 2] [--repeats 3]
 *
 * Without --weights, with random ones of the same size. An opening ends with the features of the first batch, less the time of a later
 * one: reading, converting and compiling. Images are 64 x 64, resized as pytorch-fid does. Each figure is the fastest of its repeats.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { follow } from "@touchstone/cli";
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
const images = seededImages(batchSize, 64);

const folder = mkdtempSync(join(tmpdir(), "touchstone-time-"));
process.env.TOUCHSTONE_CACHE = join(folder, "cache");
process.on("exit", () => rmSync(folder, { recursive: true }));
const weights = options.weights ?? join(folder, "random.safetensors");
if (options.weights === undefined) await writeSeededWeights(weights);

console.log(`${cpus()[0]?.model}, load average before: ${loadavg()[0]!.toFixed(1)}`);
const first = await measure();
const later = [];
for (let i = 0; i < repeats; i++) later.push(await measure());
const seconds = (time: number) => `${time.toFixed(2)} s`;
console.log(`first opening    ${seconds(first.opening)}, the weights converted`);
console.log(
  `second opening   ${seconds(Math.min(...later.map(({ opening }) => opening)))}, from the converted copy`,
);
const batch = Math.min(...later.map(({ batch }) => batch));
console.log(
  `${options.dims} features    ${(batchSize / batch).toFixed(1)} images/s in batches of ${batchSize}`,
);

async function measure(): Promise<{ opening: number; batch: number }> {
  const start = performance.now();
  const threads = options.threads === undefined ? {} : { threads: Number(options.threads) };
  const work = openInception({ weights, dims: Number(options.dims), batchSize, ...threads });
  const extractor = await follow(work, { show() {}, end() {} });
  await extractor.extract(images);
  const opened = performance.now() - start;
  const batches = [];
  for (let i = 0; i < 3; i++) {
    const begin = performance.now();
    await extractor.extract(images);
    batches.push(performance.now() - begin);
  }
  await extractor.dispose();
  const batch = Math.min(...batches);
  return { opening: (opened - batch) / 1000, batch: batch / 1000 };
}
