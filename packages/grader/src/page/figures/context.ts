/** What the producers of figures are given: a run, and where to look. */

import type { DeviceName } from "@touchstone/cli";
import type { NamedImage } from "@touchstone/report";
import type { Job } from "../../grade/index.ts";
import type { ProblemResult } from "../../results/results.ts";
import type { References } from "../../score/references.ts";

/** A run that was graded. */
export interface Run {
  job: Job;
  result: ProblemResult;
  /** Folder of what it made. */
  output: string;
  /** The images among that, small enough to be shown. */
  images: readonly NamedImage[];
  /** The words of a built-in model's command: `["predict", "dann", ...]`. */
  words?: readonly string[];
}

export interface FigureContext {
  /** Where figures are kept that take long to make. Absolute. */
  results: string;
  references: References;
  device: DeviceName;
  signal?: AbortSignal;
}
