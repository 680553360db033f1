/** What turns images into features: the one interface behind which every feature space stands. */

import type { RgbImage } from "../resize/index.ts";
import type { Protocol } from "../stats-file/index.ts";

export interface Extractor {
  /** Goes into every result and stats file: scores of unlike protocols are not compared. */
  readonly protocol: Protocol;
  /** Images of any sizes; calls may overlap. */
  extract(images: readonly RgbImage[]): Promise<Extracted>;
  dispose(): Promise<void>;
}

export interface Extracted {
  /** `[n, dims]`. */
  features: Float32Array;
  /** `[n, classes]`, where the network has a classifier at its end and was asked for it: the Inception Score's. */
  logits?: Float32Array;
}
