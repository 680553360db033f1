/** What the verbs of `pnpm data` have in common. */

import { follow, interruptible, progressRenderer, type Work } from "@touchstone/cli";
import { DATASETS, type DatasetName, datasetNamed } from "../named/datasets.ts";
import { UnknownDatasetError } from "../named/errors.ts";

export interface DataOptions {
  data?: string;
  json?: true;
}

export const DATA_OPTION = [
  "--data <folder>",
  "a folder with hw2_data/, or with digits/ and face/ (default: TOUCHSTONE_DATA)",
] as const;
export const JSON_OPTION = ["--json", "print JSON"] as const;

/** The data set called `name`, or the one whose split is. @throws UnknownDatasetError */
export function datasetOf(name: string): DatasetName {
  const dataset = datasetNamed(name);
  if (dataset === undefined) throw new UnknownDatasetError(name, Object.keys(DATASETS));
  return dataset;
}

/** Runs work to its end or to Ctrl-C, with its progress on stderr. */
export function shown<T>(work: (signal: AbortSignal) => Work<T>): Promise<T> {
  return interruptible((signal) => follow(work(signal), progressRenderer(process.stderr)));
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}
