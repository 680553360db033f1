/** What is known of a run besides its results: what it made, and what was found out about that. */

import type { Image } from "@touchstone/datasets";
import type { FidAtCount } from "../figures/fid-by-count.ts";
import type { Neighbours } from "../figures/sample-grid.ts";
import type { Point } from "../figures/scatter.ts";
import type { ResultInput } from "./grading.ts";

/** All of it is optional: a figure is drawn of what there is. */
export interface RunOutput {
  /** In the order of their names. Of digits the name begins with the digit, as in `3_017.png`. */
  images?: readonly NamedImage[];
  /** How a classifier read `images`: the digit classifier's `DigitScore` is one. */
  digits?: {
    /** `[label][digit read]`. */
    confusion: readonly (readonly number[])[];
    misread: readonly { file: string; label: number; read?: { digit: number } }[];
  };
  /** Logs of trainings, as they are in the file. */
  logs?: readonly { name: string; text: string }[];
  /** The reverse process of one sample, beginning with noise. */
  reverse?: readonly { t: number; image: Image }[];
  neighbours?: readonly Neighbours[];
  /** Maps of features: t-SNE's. */
  maps?: readonly { title: string; points: readonly Point[] }[];
  fidByCount?: readonly FidAtCount[];
}

export interface NamedImage {
  name: string;
  image: Image;
}

/** The output of a result; undefined where nothing is known of it. */
export type OutputOf = (result: ResultInput) => RunOutput | undefined | Promise<RunOutput | undefined>;
