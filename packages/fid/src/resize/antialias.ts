/**
 * `F.interpolate(mode="bilinear", antialias=True)` after ToTensor, then 2x - 1.
 *
 * Bit for bit what PyTorch computes on a CPU that has AVX2 or AVX-512 (see pytorch.ts for fused additions). Weights are computed in float32. Sums run in order from the
 * first tap; of the further taps, as many groups of four as there are have their products rounded before they are added, the
 * remaining ones are fused into the addition: this is how the compiler vectorised PyTorch's loop.
 */

import { EXTRACTOR_SIZE, GROUP, type Protocol, UNIT_LEVELS, unitToSymmetric } from "./protocol.ts";
import { makeWindows, type Windows } from "./windows.ts";

const { fround } = Math;

export const antialias: Protocol<Windows> = {
  levels: UNIT_LEVELS,
  taps(size) {
    const scale = fround(size / EXTRACTOR_SIZE);
    const support = Math.max(scale, 1);
    const reach = Math.ceil(support) * 2 + 1;
    return makeWindows(reach, (i) => {
      const centre = fround(scale * (i + 0.5));
      const begin = Math.max(Math.trunc(fround(centre - support) + 0.5), 0);
      const end = Math.min(Math.trunc(fround(centre + support) + 0.5), size);
      const weights = Array.from({ length: Math.min(end - begin, reach) }, (_, j) =>
        triangle(fround((fround(j + begin - centre) + 0.5) * fround(1 / support))),
      );
      const total = weights.reduce((sum, w) => fround(sum + w), 0);
      return [begin, weights.map((w) => fround(w / total))];
    });
  },
  blend(source, origin, taps, i, stride, out, offset) {
    const { first, last, weights, width } = taps;
    const further = last[i]! - first[i]!;
    const rounded = further - (further % GROUP);
    const start = (first[i]! - origin) * stride;
    const w = i * width;
    const t = w + rounded;
    const w1 = weights[t + 1]!;
    const w2 = weights[t + 2]!;
    const w3 = weights[t + 3]!;
    for (let c = 0; c < stride; c++) {
      let s = start + c;
      let sum = fround(source[s]! * weights[w]!);
      for (let j = 0; j < rounded; j += 4, s += 4 * stride) {
        sum = fround(sum + fround(source[s + stride]! * weights[w + j + 1]!));
        sum = fround(sum + fround(source[s + 2 * stride]! * weights[w + j + 2]!));
        sum = fround(sum + fround(source[s + 3 * stride]! * weights[w + j + 3]!));
        sum = fround(sum + fround(source[s + 4 * stride]! * weights[w + j + 4]!));
      }
      sum = fround(sum + source[s + stride]! * w1);
      sum = fround(sum + source[s + 2 * stride]! * w2);
      out[offset + c] = sum + source[s + 3 * stride]! * w3;
    }
  },
  normalize: unitToSymmetric,
};

function triangle(x: number): number {
  return fround(Math.max(1 - Math.abs(x), 0));
}
