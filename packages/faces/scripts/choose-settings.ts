/**
 * Chooses the settings of the face detector: those whose rates are nearest to those of the homework's detector, dlib's HOG.
 *
 *     PYTHON=python3 npx tsx packages/faces/scripts/choose-settings.ts ../shared/data [--faces 500]
 *
 * Judged by faces of the training set, the same faces bent (which HOG mostly refuses), pairs of them, and crops of photographs; the
 * validation set has no part in it. An image passes with exactly one face. For each set: the share that passes and, behind it, the share
 * on which both detectors agree. `gap` is the mean difference from HOG's rates, smallest first. PYTHON names an interpreter with dlib and numpy.
 */

import { parseArgs } from "node:util";
import { openFaceDetector } from "../src/index.ts";
import { hogCounts } from "./hog.ts";
import { bent, pairs, photographs, type Sample, trainingFaces } from "./samples.ts";

const INPUT_SIZES = [128, 160, 192, 224];
const BORDERS = [0, 0.125, 0.25, 0.375, 0.5];
const THRESHOLDS = [0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { faces: { type: "string", default: "500" } },
});
const [data] = positionals;
if (!data) throw new Error("Usage: choose-settings.ts DATA, the folder with hw2_data and bsds500.");

const faces = await trainingFaces(data, Number(values.faces));
const samples: Sample[] = [
  { name: "faces", images: faces },
  { name: "bent by 3", images: bent(faces, 3) },
  { name: "bent by 5", images: bent(faces, 5) },
  { name: "pairs", images: pairs(faces) },
  { name: "photographs", images: await photographs(data) },
];
const hog = samples.map(({ images }) => {
  return hogCounts(process.env.PYTHON ?? "python3", images).map((count) => count === 1);
});

interface Row {
  settings: string;
  /** From HOG's rates, on average. */
  gap: number;
  passed: number[];
  agreement: number[];
}
const rows: Row[] = [];
for (const inputSize of INPUT_SIZES) {
  for (const border of BORDERS) {
    const detector = await openFaceDetector({ inputSize, border, scoreThreshold: THRESHOLDS[0]! });
    const found = [];
    for (const { images } of samples) found.push(await detector.detect(images));
    await detector.dispose();
    for (const threshold of THRESHOLDS) {
      // A box is dropped for better ones alone: a higher threshold leaves of those that stay the ones above it.
      const passes = found.map((sample) =>
        sample.map((all) => all.filter(({ score }) => score > threshold).length === 1),
      );
      const passed = passes.map(share);
      rows.push({
        settings: `input ${inputSize}, border ${border}, threshold ${threshold}`,
        gap: mean(passed.map((rate, k) => Math.abs(rate - share(hog[k]!)))),
        passed,
        agreement: passes.map((sample, k) => share(sample.map((passed, i) => passed === hog[k]![i]))),
      });
    }
  }
}

print("", [...samples.map(({ name, images }) => `${images.length} ${name}`), "gap"]);
print(
  "HOG",
  hog.map((sample) => percent(share(sample))),
);
for (const row of rows.toSorted((a, b) => a.gap - b.gap)) {
  const cells = row.passed.map((passed, k) => `${percent(passed)} (${percent(row.agreement[k]!)})`);
  print(row.settings, [...cells, percent(row.gap)]);
}

function print(head: string, cells: string[]): void {
  console.log(head.padEnd(44) + cells.map((cell) => cell.padStart(18)).join(""));
}

function share(sample: readonly boolean[]): number {
  return mean(sample.map(Number));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
}

function percent(x: number): string {
  return (100 * x).toFixed(1);
}
