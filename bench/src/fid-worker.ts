// Two folders of images to their FID in a process of its own, timed by phase: fid-suite.ts starts it.

import { follow, type Work } from "@touchstone/cli";
import {
  checkImages,
  compare,
  type Extractor,
  extractFeatures,
  openExtractor,
  openSet,
} from "@touchstone/fid";
import { generatorFromSeed } from "@touchstone/nn";
import type { FidRun } from "./fid-suite.ts";

const SIDE = 64;

const [weights, startedAt, threads, ...folders] = process.argv.slice(2) as [
  string,
  string,
  string,
  ...string[],
];

/** To the features of a first image: the network is compiled for it. */
async function open(): Promise<Extractor> {
  const options = { extractor: "inception", weights, threads: Number(threads) };
  const extractor = await finished(openExtractor(options));
  await extractor.extract([{ height: SIDE, width: SIDE, data: new Uint8Array(3 * SIDE * SIDE) }]);
  return extractor;
}

const finished = <T>(work: Work<T>): Promise<T> => follow(work, { show() {}, end() {} });

let mark = Number(startedAt);
/** Seconds since the last one. */
function lap(): number {
  const since = mark;
  mark = Date.now();
  return (mark - since) / 1000;
}

const extractor = await open();
const startUp = lap();
const checked = [];
for (const folder of folders) {
  const set = await openSet(folder);
  if (set.kind !== "images") throw new Error(`${folder}: expected a folder of images`);
  checked.push(await finished(checkImages(set.source)));
}
const check = lap();
const sets = [];
for (const images of checked) sets.push(await finished(extractFeatures(images, extractor)));
const features = lap();
const [reference, generated] = sets;
const options = { metrics: ["fid"] as const, generator: generatorFromSeed(0), threads: Number(threads) };
const { distance } = await finished(compare(reference!, generated!, options));
const run: FidRun = { startUp, check, features, distance: lap(), value: distance!.distance };
console.log(JSON.stringify(run));
await extractor.dispose();
