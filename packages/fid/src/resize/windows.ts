/** Taps of the antialiasing filters: for each output sample a window of input samples with their weights. */

import { EXTRACTOR_SIZE, GROUP, type Taps } from "./protocol.ts";

export interface Windows extends Taps {
  /** `[EXTRACTOR_SIZE, width]`: those of a window one after another from `first` on, then at least `GROUP` zeros. */
  weights: Float64Array;
  width: number;
}

/** @param reach the widest window  @param windowAt its first input sample and the weights from there on */
export function makeWindows(reach: number, windowAt: (i: number) => [number, number[]]): Windows {
  const width = reach + GROUP;
  const first = new Int32Array(EXTRACTOR_SIZE);
  const last = new Int32Array(EXTRACTOR_SIZE);
  const weights = new Float64Array(EXTRACTOR_SIZE * width);
  for (let i = 0; i < EXTRACTOR_SIZE; i++) {
    const [begin, window] = windowAt(i);
    first[i] = begin;
    last[i] = begin + window.length - 1;
    weights.set(window, i * width);
  }
  return { first, last, weights, width, reach };
}
