/** What is known of a run besides its results: what it made, and what was found out about that. */

import type { Image } from "@touchstone/datasets";
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
  reverse?: { name: string; steps: readonly { t: number; image: Image }[] };
  /** Of generated images, `among` training images: `7,975 images of faces/train by ...`. */
  neighbours?: { among: string; found: readonly Neighbours[] };
  /** Maps of features: t-SNE's. `note` says how they were made. */
  maps?: readonly { title: string; note?: string; points: readonly Point[] }[];
  /** What a reader may look for and why it is not there: figures that there are no data for. */
  missing?: readonly MissingFigure[];
}

export interface MissingFigure {
  /** `t-SNE of features`. */
  figure: string;
  why: string;
}

export interface NamedImage {
  name: string;
  image: Image;
}

/** The output of a result; undefined where nothing is known of it. */
export type OutputOf = (result: ResultInput) => RunOutput | undefined | Promise<RunOutput | undefined>;
