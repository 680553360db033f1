/** Taps of plain bilinear interpolation: for each output sample two input samples. */

import { EXTRACTOR_SIZE, type Taps } from "./protocol.ts";

export interface TwoTaps extends Taps {
  /** Weight of `last`, float32; the rest is `first`'s. */
  fraction: Float32Array;
}

/** @param position where output sample i lies on an axis of `size` input samples, float32 */
export function makeTwoTaps(size: number, position: (i: number) => number): TwoTaps {
  const first = new Int32Array(EXTRACTOR_SIZE);
  const last = new Int32Array(EXTRACTOR_SIZE);
  const fraction = new Float32Array(EXTRACTOR_SIZE);
  for (let i = 0; i < EXTRACTOR_SIZE; i++) {
    const at = position(i);
    first[i] = Math.min(Math.floor(at), size - 1);
    last[i] = Math.min(first[i]! + 1, size - 1);
    fraction[i] = Math.min(at - first[i]!, 1);
  }
  return { first, last, fraction, reach: 2 };
}
