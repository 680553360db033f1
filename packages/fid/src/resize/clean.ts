/**
 * clean-fid's resize: PIL's bicubic filter with antialiasing, on each channel as an image of mode "F", clipped to 0 ... 255,
 * then (x - 128) / 128. Bit for bit what Pillow up to 12.3 computes: weights and sums in float64, each pass stored as float32
 * (src/libImaging/Resample.c). Pillow 13 does some tall images along y first, which changes last bits.
 */

import { BYTE_LEVELS, byteToSymmetric, EXTRACTOR_SIZE, GROUP, type Protocol } from "./protocol.ts";
import { makeWindows, type Windows } from "./windows.ts";

/** Half the width of the filter, in samples of the coarser grid. */
const SUPPORT = 2;

export const clean: Protocol<Windows> = {
  levels: BYTE_LEVELS,
  taps(size) {
    const scale = size / EXTRACTOR_SIZE;
    const stretch = Math.max(scale, 1);
    const support = SUPPORT * stretch;
    return makeWindows(Math.ceil(support) * 2 + 1, (i) => {
      const centre = (i + 0.5) * scale;
      const begin = Math.max(Math.trunc(centre - support + 0.5), 0);
      const end = Math.min(Math.trunc(centre + support + 0.5), size);
      const weights = Array.from({ length: end - begin }, (_, j) =>
        bicubic((j + begin - centre + 0.5) * (1 / stretch)),
      );
      const total = weights.reduce((sum, w) => sum + w, 0);
      return [begin, weights.map((w) => w / total)];
    });
  },
  blend(source, origin, taps, i, stride, out, offset) {
    const { first, last, weights, width } = taps;
    const count = last[i]! - first[i]! + 1;
    const start = (first[i]! - origin) * stride;
    const w = i * width;
    if (count <= GROUP) {
      const w0 = weights[w]!;
      const w1 = weights[w + 1]!;
      const w2 = weights[w + 2]!;
      const w3 = weights[w + 3]!;
      for (let c = 0; c < stride; c++) {
        const s = start + c;
        out[offset + c] =
          source[s]! * w0 +
          source[s + stride]! * w1 +
          source[s + 2 * stride]! * w2 +
          source[s + 3 * stride]! * w3;
      }
      return;
    }
    for (let c = 0; c < stride; c++) {
      let sum = 0;
      for (let j = 0, s = start + c; j < count; j += 4, s += 4 * stride) {
        sum =
          sum +
          source[s]! * weights[w + j]! +
          source[s + stride]! * weights[w + j + 1]! +
          source[s + 2 * stride]! * weights[w + j + 2]! +
          source[s + 3 * stride]! * weights[w + j + 3]!;
      }
      out[offset + c] = sum;
    }
  },
  normalize(out, begin, end) {
    for (let i = begin; i < end; i++) out[i] = Math.min(Math.max(out[i]!, 0), 255);
    byteToSymmetric(out, begin, end);
  },
};

/** Keys' cubic convolution kernel with a = -0.5. */
function bicubic(signed: number): number {
  const a = -0.5;
  const x = Math.abs(signed);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}
