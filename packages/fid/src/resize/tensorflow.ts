/**
 * TensorFlow 1's `resize_bilinear(align_corners=False)` as torch-fidelity computes it: output pixel i lies at i * in/out of the
 * input, without half-pixel centres; then (x - 128) / 128. Every operation is rounded to float32.
 */

import { BYTE_LEVELS, byteToSymmetric, EXTRACTOR_SIZE, type Protocol } from "./protocol.ts";
import { makeTwoTaps, type TwoTaps } from "./two-taps.ts";

const { fround } = Math;

export const tensorflow: Protocol<TwoTaps> = {
  levels: BYTE_LEVELS,
  taps(size) {
    const scale = fround(size / EXTRACTOR_SIZE);
    return makeTwoTaps(size, (i) => fround(i * scale));
  },
  blend(source, origin, taps, i, stride, out, offset) {
    const a = (taps.first[i]! - origin) * stride;
    const b = (taps.last[i]! - origin) * stride;
    const t = taps.fraction[i]!;
    for (let c = 0; c < stride; c++) {
      out[offset + c] = source[a + c]! + fround(fround(source[b + c]! - source[a + c]!) * t);
    }
  },
  normalize: byteToSymmetric,
};
