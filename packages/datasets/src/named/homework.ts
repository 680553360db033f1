/** Reads the homework's folders: PNG and JPEG files, and for digits a table of labels beside each folder. */

import { refuseProblems } from "../errors.ts";
import { openImages } from "../images/open.ts";
import { readImages } from "../images/read.ts";
import { assignLabels } from "../labels/assign.ts";
import { readLabelTable } from "../labels/table.ts";
import type { ImageArray, Size } from "../types.ts";
import type { Digits } from "./digits.ts";

export interface HomeworkOptions {
  /** The size that all images must have; without it, that of the first one. */
  expectedSize?: Size;
  signal?: AbortSignal;
}

/**
 * All images of a folder, in the natural order of their names, as large as they are stored.
 *
 * @throws ProblemsError naming each file that is not as it should be
 */
export async function readHomeworkImages(
  folder: string,
  options: HomeworkOptions = {},
): Promise<ImageArray & { names: string[] }> {
  const source = await openImages(folder);
  try {
    const { problems, ...images } = await readImages(source, options);
    refuseProblems(folder, problems);
    return images;
  } finally {
    await source.close();
  }
}

/**
 * The digits of a folder with the labels of `<folder>.csv`.
 *
 * @throws ProblemsError naming each file or row that is not as it should be; BadFileError if there is no table
 */
export async function readHomeworkDigits(folder: string, options: HomeworkOptions = {}): Promise<Digits> {
  const table = await readLabelTable(`${folder}.csv`, { classes: 10 });
  const images = await readHomeworkImages(folder, options);
  const { labels, problems } = assignLabels(images.names, table);
  refuseProblems(folder, problems);
  return { ...images, labels };
}
