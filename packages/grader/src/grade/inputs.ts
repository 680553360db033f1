/** What a job is asked of: test images and their labels, read before the run, so that it does not run for nothing. */

import { openImages, readLabelTable, refuseProblems, UNLABELED } from "@touchstone/datasets";
import { MissingReferenceError } from "../score/errors.ts";
import type { References } from "../score/references.ts";
import type { Job } from "./jobs.ts";

export interface Inputs {
  /** Folder of test images. */
  images?: string;
  /** The table of their labels. */
  labels?: string;
  /** Of the test images that have a label. */
  names: string[];
  /** Of each of `names`. */
  truth: Int32Array;
}

/** @throws MissingReferenceError, MissingDatasetError; what reading them throws */
export async function inputsOf({ problem, column }: Job, references: References): Promise<Inputs> {
  const none = { names: [], truth: new Int32Array() };
  if (!column.images) return none;
  const images = references.images(column.images);
  if (problem.output.kind !== "csv") return { ...none, images };
  const source = await openImages(images);
  const all = source.entries.map(({ name }) => name);
  await source.close();
  const labels = references.labels(column.labels ?? column.images);
  const table = await readLabelTable(labels, { classes: problem.output.classes });
  refuseProblems(labels, table.problems);
  const names = all.filter((name) => table.labels.has(name));
  if (names.length === 0) {
    throw new MissingReferenceError(labels, `labels of the images of ${images}`, "none of them");
  }
  return {
    images,
    labels,
    names,
    truth: Int32Array.from(names, (name) => table.labels.get(name)?.label ?? UNLABELED),
  };
}
