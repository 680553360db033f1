/** Brings a table of labels and a list of images together. */

import { printable } from "@touchstone/cli";
import type { Problem } from "../problems.ts";
import type { LabelTable } from "./table.ts";
import { UNLABELED } from "./unlabeled.ts";

export interface Labels {
  /** Class of each image, or `UNLABELED`. */
  labels: Int32Array;
  problems: Problem[];
}

/**
 * The label of each name. The problems are the table's, then its rows for images that are not there, then the images without a
 * row of their own.
 */
export function assignLabels(names: readonly string[], table: LabelTable): Labels {
  const labels = Int32Array.from(names, (name) => table.labels.get(name)?.label ?? UNLABELED);
  const known = new Set(names);
  const problems = [...table.problems];
  for (const [name, { line }] of table.labels) {
    if (known.has(name)) continue;
    const message = `expected the name of an image, found ${printable(name)}, which is not there`;
    problems.push({ file: table.file, kind: "unknown-file", line, message });
  }
  for (const name of names) {
    if (table.labels.has(name)) continue;
    const message = `expected a label in ${printable(table.file)}, found none`;
    problems.push({ file: name, kind: "no-label", message });
  }
  return { labels, problems };
}
