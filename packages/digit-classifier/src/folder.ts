/** Scores a folder or zip of digit images, and reports what is wrong with it by name. */

import type { Work } from "@touchstone/cli";
import {
  assignLabels,
  duplicateGroups,
  type ImageSource,
  labelsFromNames,
  type Problem,
  pixelHash,
  readLabelTable,
  resizeBilinear,
  streamImages,
  UNLABELED,
} from "@touchstone/datasets";
import type { Classifier } from "./classifier.ts";
import { checkNumbering, type Numbering } from "./score/numbering.ts";
import { DIGITS, type DigitScore, type Reading, scoreReadings } from "./score/score.ts";

export interface FolderOptions {
  /** A CSV with the header `image_name,label`; default: the label is what stands before the underscore of a file's name. */
  labels?: string;
  /** Images wanted of each digit. */
  perDigit?: number;
  /** Whether the numbers in the names are looked at; only of labels from names. Default true. */
  numbering?: boolean;
  /** Brings images of another size to 28 x 28 (PIL's bilinear filter), instead of counting them as unreadable. */
  resize?: boolean;
  signal?: AbortSignal;
}

export interface FolderReport {
  score: DigitScore;
  /** Files that are not what they should be: each of those that have a label counts as misread. */
  problems: Problem[];
  /** Undefined where the numbers in the names are not looked at. */
  numbering?: Numbering;
  /** Groups of files with the same pixels. */
  duplicates: string[][];
}

const BATCH = 250;

/** @throws what `readLabelTable` and `streamImages` throw; the signal's reason */
export async function* scoreFolder(
  source: ImageSource,
  classifier: Classifier,
  options: FolderOptions = {},
): Work<FolderReport> {
  const { side } = classifier.network;
  const names = source.entries.map(({ name }) => name);
  // A file of size 0, a link to nowhere: not among the entries, yet meant to be an image.
  const broken = source.problems.map(({ file }) => file);
  const { labels, problems } = await labelsOf([...names, ...broken], options);
  const isEntry = new Set(names);
  // A broken file without a label, such as a text, is one problem and not two.
  const isNew = ({ kind, file }: Problem) => kind !== "no-label" || isEntry.has(file);
  const found: Problem[] = [...source.problems, ...problems.filter(isNew)];

  const readings: Reading[] = broken
    .map((file, i) => ({ file, label: labels[names.length + i]! }))
    .filter(({ label }) => label !== UNLABELED);
  const hashes: string[] = [];
  const hashed: string[] = [];
  let batch: { file: string; label: number; data: Uint8Array }[] = [];
  const readBatch = async () => {
    readings.push(...(await readAll(classifier, batch)));
    batch = [];
  };

  const stream = streamImages(source, {
    expectedSize: { height: side, width: side },
    ...(options.resize ? { resize: resizeBilinear } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  let done = 0;
  for await (const { index, name: file, image, problem } of stream) {
    const label = labels[index]!;
    if (image) {
      hashed.push(file);
      hashes.push(pixelHash(image));
      if (label !== UNLABELED) batch.push({ file, label, data: image.data });
    } else {
      found.push(problem);
      if (label !== UNLABELED) readings.push({ file, label });
    }
    if (batch.length === BATCH) await readBatch();
    yield { label: source.path, done: ++done, total: names.length, unit: "images" };
  }
  await readBatch();

  const duplicates = duplicateGroups(hashes).map((group) => group.map((i) => hashed[i]!));
  const report: FolderReport = { score: scoreReadings(readings), problems: found, duplicates };
  const isNumbered = options.labels === undefined && (options.numbering ?? true);
  if (isNumbered)
    report.numbering = checkNumbering(
      readings.map(({ file }) => file),
      options.perDigit,
    );
  return report;
}

async function labelsOf(names: string[], { labels }: FolderOptions) {
  if (labels === undefined) return labelsFromNames(names, DIGITS);
  return assignLabels(names, await readLabelTable(labels, { classes: DIGITS }));
}

async function readAll(
  classifier: Classifier,
  batch: { file: string; label: number; data: Uint8Array }[],
): Promise<Reading[]> {
  if (batch.length === 0) return [];
  const pixels = batch[0]!.data.length;
  const images = new Uint8Array(batch.length * pixels);
  for (const [i, { data }] of batch.entries()) images.set(data, i * pixels);
  const { digits, probabilities } = await classifier.read(images, batch.length);
  return batch.map(({ file, label }, i) => ({
    file,
    label,
    read: { digit: digits[i]!, probability: probabilities[i]! },
  }));
}
