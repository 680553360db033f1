/** Figures of what a run made, and of what was found out about it: those that there are data for. */

import { confusionMatrix } from "../figures/confusion.ts";
import type { Figure } from "../figures/figure.ts";
import { neighbourGrid, reverseProcess, sampleGrid } from "../figures/sample-grid.ts";
import { scatters } from "../figures/scatter.ts";
import { trainingCurves } from "../figures/training-curves.ts";
import { oneLine } from "../text.ts";
import { parseTrainingLog } from "../training-log.ts";
import type { ResultInput } from "./grading.ts";
import { runName, unique } from "./names.ts";
import type { NamedImage, RunOutput } from "./outputs.ts";

/** All but maps, which stand beside those of other runs. */
export async function outputFigures(result: ResultInput, output: RunOutput): Promise<Figure[]> {
  const of = runName(result);
  const { images = [], digits, logs = [], reverse, neighbours } = output;
  const figures: Figure[] = [];
  if (images.length > 0) figures.push(await samplesOf(images, of));
  if (digits) figures.push(await confusionOf(digits, images, of));
  if (reverse) {
    const { name, steps } = reverse;
    figures.push(await reverseProcess(steps, `Reverse process of ${oneLine(name, 60)}, ${of}`));
  }
  if (neighbours) {
    const { among, found } = neighbours;
    const title = `Nearest training images, ${of}`;
    figures.push(await neighbourGrid(found, { title, among: oneLine(among, 200) }));
  }
  for (const { name, text } of logs) {
    const lines = parseTrainingLog(text);
    if (lines.length > 0) figures.push(await trainingCurves(lines, `Training of ${oneLine(name, 60)}`));
  }
  return figures;
}

/** Rows of maps, for each column of the table: the runs side by side, first by class and then by domain. */
export async function mapFigures(
  made: readonly { result: ResultInput; output: RunOutput }[],
): Promise<Figure[][]> {
  const rows: Figure[][] = [];
  for (const column of unique(made.map(({ result }) => result.column))) {
    const pairs: [Figure, Figure][] = [];
    for (const { result, output } of made.filter((each) => each.result.column === column)) {
      for (const { title, note, points } of output.maps ?? []) {
        const of = `${oneLine(title, 60)}, ${runName(result)}`;
        pairs.push(await scatters(points, of, note === undefined ? undefined : oneLine(note, 300)));
      }
    }
    if (pairs.length === 1) rows.push(pairs[0]!);
    else rows.push(...([0, 1] as const).map((by) => pairs.map((pair) => pair[by])));
  }
  return rows;
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
