/** Figures of what a run made, and of what was found out about it: those that there are data for. */

import { confusionMatrix } from "../figures/confusion.ts";
import { fidByCount } from "../figures/fid-by-count.ts";
import type { Figure } from "../figures/figure.ts";
import { neighbourGrid, reverseProcess, sampleGrid } from "../figures/sample-grid.ts";
import { scatters } from "../figures/scatter.ts";
import { trainingCurves } from "../figures/training-curves.ts";
import { oneLine } from "../text.ts";
import { parseTrainingLog } from "../training-log.ts";
import type { ResultInput } from "./grading.ts";
import { runName } from "./names.ts";
import type { NamedImage, RunOutput } from "./outputs.ts";

/** Rows of figures: a map by class and by domain are one. */
export async function outputFigures(result: ResultInput, output: RunOutput): Promise<Figure[][]> {
  const of = runName(result);
  const {
    images = [],
    digits,
    logs = [],
    reverse = [],
    neighbours = [],
    maps = [],
    fidByCount: counts,
  } = output;
  const figures: Figure[] = [];
  if (images.length > 0) figures.push(await samplesOf(images, of));
  if (digits) figures.push(await confusionOf(digits, images, of));
  if (reverse.length > 0) figures.push(await reverseProcess(reverse, `Reverse process, ${of}`));
  if (neighbours.length > 0) figures.push(await neighbourGrid(neighbours, `Nearest training images, ${of}`));
  if (counts) figures.push(await fidByCount(counts, `FID by the number of images, ${of}`));
  for (const { name, text } of logs) {
    const lines = parseTrainingLog(text);
    if (lines.length > 0) figures.push(await trainingCurves(lines, `Training of ${oneLine(name, 60)}`));
  }
  const pairs: Figure[][] = [];
  for (const { title, points } of maps) pairs.push(await scatters(points, `${oneLine(title, 60)}, ${of}`));
  return [figures, ...pairs].filter((row) => row.length > 0);
}

async function confusionOf(
  { confusion, misread }: NonNullable<RunOutput["digits"]>,
  images: readonly NamedImage[],
  of: string,
): Promise<Figure> {
  const byName = new Map(images.map(({ name, image }) => [name, image]));
  const shown = misread.flatMap(({ file, label, read }) => {
    const image = byName.get(file);
    return read && image ? [{ name: file, label, read: read.digit, image }] : [];
  });
  return confusionMatrix(confusion, shown, { title: `Confusion, ${of}` });
}

const DIGITS = 10;
const PER_DIGIT = 10;
const FIRST = 32;
const FIRST_COLUMNS = 8;

/** Ten of each digit, a row for each, where the names begin with digits; else the first 32. */
async function samplesOf(images: readonly NamedImage[], of: string): Promise<Figure> {
  const title = `Samples, ${of}`;
  const digitOf = ({ name }: NamedImage) => /^(?:.*\/)?([0-9])_/.exec(name)?.[1];
  if (images.every((image) => digitOf(image) !== undefined)) {
    const rows = Array.from({ length: DIGITS }, (_, digit) =>
      images.filter((image) => digitOf(image) === String(digit)).slice(0, PER_DIGIT),
    );
    const columns = Math.max(...rows.map(({ length }) => length));
    const cells = rows.flatMap((row) => Array.from({ length: columns }, (_, i) => row[i]?.image));
    return {
      title,
      alt: `The first ${columns} images of each digit, a row for each digit from 0 to 9.`,
      caption: "Rows: the digits 0 to 9, the first images of each.",
      drawing: await sampleGrid(cells, { columns }),
    };
  }
  const shown = images.slice(0, FIRST);
  return {
    title,
    alt: `The first ${shown.length} of ${images.length} images, by name.`,
    caption: `The first ${shown.length}, by name.`,
    drawing: await sampleGrid(
      shown.map(({ image }) => image),
      { columns: Math.min(FIRST_COLUMNS, shown.length) },
    ),
  };
}
