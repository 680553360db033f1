/** What scoring takes besides a run's output. */

import type { ImageSource } from "@touchstone/datasets";
import type { MetricSpec } from "../assignment/index.ts";
import type { RunOutcome } from "../run/request.ts";
import type { References } from "./references.ts";

/** Output that has passed its checks. */
export type Output =
  | { kind: "images"; images: ImageSource; expected: number }
  /** Labels given and true, of the same images; -1 where none was given. */
  | { kind: "labels"; given: Int32Array; truth: Int32Array };

export interface ScoreContext {
  output: Output;
  run: Pick<RunOutcome, "wallSeconds">;
  references: References;
  /** Where our networks run. */
  device: "cpu" | "webgpu" | "cuda" | "auto";
  /** Of subsets and resampling. */
  seed: number;
  /** Download nothing. */
  offline: boolean;
  signal?: AbortSignal;
}

export type SpecOf<Kind extends MetricSpec["kind"]> = Extract<MetricSpec, { kind: Kind }>;
