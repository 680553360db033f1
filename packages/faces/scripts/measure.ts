/**
 * What the face detector counts in real faces, in pairs of them and in images without one, beside dlib's HOG detector where a Python has
 * it; and how fast both networks are.
 *
 *     PYTHON=python3 npx tsx packages/faces/scripts/measure.ts ../shared/data [--hog] [--threads 2]
 *
 * PYTHON names an interpreter with dlib and numpy, for --hog. An image passes with exactly one face.
 */

import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { faceRate, openFaceDetector, openFaceEmbedding, type RgbImage } from "../src/index.ts";
import { hogCounts } from "./hog.ts";
import { bent, others, pairs, photographs, type Sample, validationFaces } from "./samples.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { hog: { type: "boolean", default: false }, threads: { type: "string" } },
});
const [data] = positionals;
if (!data) throw new Error("Usage: measure.ts DATA, the folder with hw2_data and bsds500.");
const threads = Number(values.threads ?? availableParallelism());

const faces = await validationFaces(data);
const samples: (Sample & { wide?: boolean })[] = [
  { name: "validation faces", images: faces },
  { name: "bent by 3 pixels", images: bent(faces, 3) },
  { name: "bent by 5 pixels", images: bent(faces, 5) },
  { name: "two side by side", images: pairs(faces) },
  { name: "the same, input 320", images: pairs(faces), wide: true },
  { name: "photographs' crops", images: await photographs(data) },
  ...(await others(data, 1000)),
];

const detector = await openFaceDetector({ threads });
/** Twice the size for images twice as wide: their faces are as large for the network as those of single images. */
const wideDetector = await openFaceDetector({ threads, inputSize: 320 });
console.log(JSON.stringify(detector.protocol));
console.log(
  ["% counted", "images", "0", "1", "2 or more", "HOG: 1", "agree"]
    .map((cell, i) => column(cell, i))
    .join(""),
);
for (const { name, images, wide } of samples) {
  const { counts } = faceRate(await (wide ? wideDetector : detector).detect(images));
  const hog = values.hog ? hogCounts(process.env.PYTHON ?? "python3", images) : undefined;
  const cells = [
    name,
    `${images.length}`,
    percent(counts, (count) => count === 0),
    percent(counts, (count) => count === 1),
    percent(counts, (count) => count > 1),
    hog ? percent(hog, (count) => count === 1) : "-",
    hog ? percent(counts, (count, i) => (count === 1) === (hog[i] === 1)) : "-",
  ];
  console.log(cells.map((cell, i) => column(cell, i)).join(""));
}

const embedding = await openFaceEmbedding({ threads });
const thousand = faces.slice(0, 1000);
await time("detector", (images) => detector.detect(images));
await time("embedding", (images) => embedding.extract(images));
await detector.dispose();
await wideDetector.dispose();
await embedding.dispose();

/** The first call compiles, and is not counted. */
async function time(name: string, run: (images: RgbImage[]) => Promise<unknown>): Promise<void> {
  await run(thousand.slice(0, 1));
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  await run(thousand);
  const seconds = (performance.now() - before) / 1e3;
  const { user, system } = process.cpuUsage(cpuBefore);
  const load = loadavg()[0]!.toFixed(1);
  console.log(
    `${name.padEnd(10)} ${thousand.length} images in ${seconds.toFixed(1)} s: ${(thousand.length / seconds).toFixed(0)} images/s, ` +
      `${((user + system) / 1e6).toFixed(1)} CPU s, ${threads} threads, load average ${load}`,
  );
}

function percent(counts: readonly number[], wanted: (count: number, i: number) => boolean): string {
  return ((100 * counts.filter(wanted).length) / counts.length).toFixed(2);
}

function column(cell: string, i: number): string {
  return i === 0 ? cell.padEnd(20) : cell.padStart(10);
}
